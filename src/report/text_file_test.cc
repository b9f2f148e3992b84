// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/text_file.h"

#include <gtest/gtest.h>

namespace peekproof::report {
namespace {

TEST(CsvField, QuotesWhatNeedsIt) {
  EXPECT_EQ(CsvField("plain text"), "plain text");
  EXPECT_EQ(CsvField("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvField("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(CsvField("two\nlines"), "\"two\nlines\"");
}

TEST(WriteTextFile, TellsWhereItCannotWrite) {
  const auto written = WriteTextFile("/no/such/folder/a.txt", "x");
  ASSERT_FALSE(written.ok());
  EXPECT_NE(written.error().message.find("/no/such/folder/a.txt"), std::string::npos);
}

}  // namespace
}  // namespace peekproof::report
