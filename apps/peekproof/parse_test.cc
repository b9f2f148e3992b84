// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "parse.h"

#include <gtest/gtest.h>

namespace peekproof::cli {
namespace {

TEST(ParseTime, TakesSecondsAndClocks) {
  for (const auto& [text, seconds] : {std::pair{"0", 0.0},
                                      {"90", 90.0},
                                      {"90.25", 90.25},
                                      {"1:30", 90.0},
                                      {"01:05.5", 65.5},
                                      {"1:02:03", 3723.0},
                                      {"0:0:1.125", 1.125},
                                      {"600:00", 36000.0}}) {
    const auto parsed = ParseTime(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_NEAR(*parsed, seconds, 1e-9) << text;
  }
}

TEST(ParseTime, RefusesTheRest) {
  for (const char* text : {"", "x", "-1", "1:60", "1:2:3:4", "1:", ":1", "1.", ".5", "1.5.5", "1e3", "nan",
                           "inf", " 1", "1 ", "1:2.5:3", "9999999999"}) {
    const auto parsed = ParseTime(text);
    EXPECT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(ParseCrop, TakesSizeAndPlace) {
  const auto parsed = ParseCrop("640x360+100+20");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, cv::Rect(100, 20, 640, 360));
}

TEST(ParseCrop, RefusesTheRest) {
  for (const char* text :
       {"", "640x360", "640x360+1", "640x360+1+", "640x360+-1+2", "0x360+1+2", "640x0+1+2", "640X360+1+2",
        "640x360+1+2+3", "640x360+1+2 ", "99999x1+0+0", "1x1+99999999999+0"}) {
    EXPECT_FALSE(ParseCrop(text).ok()) << text;
  }
}

TEST(ParseSize, TakesWidthTimesHeight) {
  ASSERT_TRUE(ParseSize("1280x720").ok());
  EXPECT_EQ(*ParseSize("1280x720"), cv::Size(1280, 720));
  for (const char* text : {"", "1280", "1280x", "x720", "1280x720x3", "0x0", "16385x1", "12 80x720"}) {
    EXPECT_FALSE(ParseSize(text).ok()) << text;
  }
}

TEST(ParseTest, ListsAreSplitAtSemicolons) {
  using List = std::vector<std::string>;
  EXPECT_EQ(SplitList("meet; jitsi(mode=blur,upscale=nearest) ;"),
            (List{"meet", "jitsi(mode=blur,upscale=nearest)"}));
  EXPECT_EQ(SplitList(""), List{});
  EXPECT_EQ(SplitList(" ; ;"), List{});
}

}  // namespace
}  // namespace peekproof::cli
