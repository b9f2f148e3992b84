// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Fetching models over HTTP, from a server of the test's own on 127.0.0.1; no other host is asked.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "http_server.h"
#include "program.h"

namespace peekproof::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr const char* kPath = "/selfie_segmentation.tflite";

/// A server that has the selfie model, and an empty folder to fetch into.
class ModelsHttp : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(models_);
    model_ = ReadFile(fs::path(PEEKPROOF_MODELS) / kModelFile);
    ASSERT_GT(model_.size(), 10000U);
    server_.Serve(kPath, model_);
    // Whatever proxy the machine has: it is not to be asked either.
    options_.environment = {"PEEKPROOF_MODEL_DIR=" + models_, "no_proxy=*", "NO_PROXY=*"};
  }

  Outcome Fetch() {
    return RunPeekproof({"models", "fetch", "selfie", "--mirror", server_.address(), "--to", models_},
                        options_);
  }
  void ExpectFetched() {
    const Outcome outcome = Fetch();
    EXPECT_EQ(outcome.exit_code, kComplete) << outcome.err;
    EXPECT_TRUE(ReadFile(target_) == model_) << "not the same bytes";
    EXPECT_FALSE(fs::exists(part_));
  }
  void ExpectRefused(const std::string& why) {
    const Outcome outcome = Fetch();
    EXPECT_EQ(outcome.exit_code, kFailed);
    EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("selfie"));
    EXPECT_THAT(outcome.err, HasSubstr(why));
    EXPECT_FALSE(fs::exists(target_));
  }

  const TemporaryFolder folder_;
  const std::string models_ = folder_ / "models";
  const std::string target_ = models_ + "/" + kModelFile;
  const std::string part_ = target_ + ".part";
  std::string model_;
  HttpServer server_;
  RunOptions options_;
};

TEST_F(ModelsHttp, FetchesOnce) {
  ExpectFetched();
  ASSERT_EQ(server_.requests().size(), 1U);
  EXPECT_EQ(server_.requests()[0].path, kPath);
  EXPECT_FALSE(server_.requests()[0].first_byte.has_value());
  ExpectFetched();
  EXPECT_EQ(server_.requests().size(), 1U) << "what is there is not fetched again";
}

TEST_F(ModelsHttp, ContinuesAfterACutConnection) {
  const size_t cut = model_.size() / 2;
  server_.CutNextAfter(cut);
  ExpectRefused("failed");
  EXPECT_TRUE(ReadFile(part_) == model_.substr(0, cut)) << "what came is kept for later";
  ExpectFetched();
  ASSERT_EQ(server_.requests().size(), 2U);
  EXPECT_EQ(server_.requests()[1].first_byte, cut);
}

TEST_F(ModelsHttp, StartsOverWhereTheServerCannotContinue) {
  server_.CutNextAfter(1000);
  ExpectRefused("failed");
  server_.IgnoreRanges();
  ExpectFetched();
  ASSERT_EQ(server_.requests().size(), 3U);
  EXPECT_EQ(server_.requests()[1].first_byte, 1000U);
  EXPECT_FALSE(server_.requests()[2].first_byte.has_value());
}

TEST_F(ModelsHttp, StartsOverWhereThePartIsLongerThanTheFile) {
  WriteFile(part_, model_ + "of another version");
  ExpectFetched();
  ASSERT_EQ(server_.requests().size(), 2U);
  EXPECT_EQ(server_.requests()[0].first_byte, model_.size() + 18);
  EXPECT_FALSE(server_.requests()[1].first_byte.has_value());
}

TEST_F(ModelsHttp, RefusesAFileWithAnotherHash) {
  std::string damaged = model_;
  damaged[damaged.size() / 2] ^= 1;
  server_.Serve(kPath, damaged);
  ExpectRefused("SHA-256");
  EXPECT_FALSE(fs::exists(part_)) << "a damaged file is not continued";
  server_.Serve(kPath, model_);
  ExpectFetched();
}

TEST_F(ModelsHttp, SaysThatTheServerHasNoSuchFile) {
  const HttpServer empty;
  const Outcome outcome =
      RunPeekproof({"models", "fetch", "selfie", "--mirror", empty.address(), "--to", models_}, options_);
  EXPECT_EQ(outcome.exit_code, kFailed);
  EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("no such file: " + empty.address() + kPath));
  EXPECT_FALSE(fs::exists(target_));
  EXPECT_EQ(empty.requests().size(), 1U);
  ExpectFetched();
}

}  // namespace
}  // namespace peekproof::e2e
