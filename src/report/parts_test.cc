// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// The small parts of the writers: texts, redaction, colours, pictures, axes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "report/chart.h"
#include "report/colour_map.h"
#include "report/pictures.h"
#include "report/redact.h"
#include "report/synthetic_result.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(FormatLeak, NeverSaysThatNothingLeaks) {
  EXPECT_EQ(FormatLeak(0), "less than 0.01 %");
  EXPECT_EQ(FormatLeak(0.0002), "0.02 %");
  EXPECT_EQ(FormatLeak(0.033), "3.3 %");
  EXPECT_EQ(FormatLeak(std::nan("")), "unknown");
}

TEST(FormatPercent, KeepsWhatMattersAtEveryScale) {
  EXPECT_EQ(FormatPercent(0), "0 %");
  EXPECT_EQ(FormatPercent(-0.0), "0 %");
  EXPECT_EQ(FormatPercent(0.0001), "< 0.05 %");
  EXPECT_EQ(FormatPercent(0.0008), "< 0.1 %");
  EXPECT_EQ(FormatPercent(0.001), "0.1 %");
  EXPECT_EQ(FormatPercent(0.0342), "3.4 %");
  EXPECT_EQ(FormatPercent(0.0996), "10 %");
  EXPECT_EQ(FormatPercent(0.424), "42 %");
  EXPECT_EQ(FormatPercent(1), "100 %");
  EXPECT_EQ(FormatPercent(kNan), "unknown");
}

TEST(FormatTime, ReadsAsAClock) {
  EXPECT_EQ(FormatTime(0), "0:00.0");
  EXPECT_EQ(FormatTime(7.26), "0:07.3");
  EXPECT_EQ(FormatTime(59.96), "1:00.0");
  EXPECT_EQ(FormatTime(3723.5), "1:02:03.5");
  EXPECT_EQ(FormatTime(-1), "unknown");
  EXPECT_EQ(FormatTime(kNan), "unknown");
  EXPECT_EQ(FormatTimeShort(75), "1:15");
}

TEST(FormatCount, GroupsDigitsAndCountsWords) {
  EXPECT_EQ(FormatCount(1, "frame"), "1 frame");
  EXPECT_EQ(FormatCount(0, "frame"), "0 frames");
  EXPECT_EQ(FormatCount(999, "frame"), "999 frames");
  EXPECT_EQ(FormatCount(1234567, "frame"), "1,234,567 frames");
}

TEST(CleanText, KeepsUtf8AndReplacesTheRest) {
  EXPECT_EQ(CleanText("Küche – 台所 🏠"), "Küche – 台所 🏠");
  EXPECT_EQ(CleanText("a\tb\nc"), "a b c");
  EXPECT_EQ(CleanText("\x1b[2J"), "\xEF\xBF\xBD[2J");
  EXPECT_EQ(CleanText("\xC2\x9B"), "\xEF\xBF\xBD");                              // C1 control
  EXPECT_EQ(CleanText("\xFF"), "\xEF\xBF\xBD");                                  // never a lead byte
  EXPECT_EQ(CleanText("\xC3"), "\xEF\xBF\xBD");                                  // cut off
  EXPECT_EQ(CleanText("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong slash
  EXPECT_EQ(CleanText("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // surrogate
}

TEST(WithoutFolders, LeavesTheLastPartOfAbsolutePaths) {
  EXPECT_EQ(WithoutFolders("/home/ann/My Videos/call.mp4"), "call.mp4");
  EXPECT_EQ(WithoutFolders("cannot read: /home/ann/call.mp4"), "cannot read: call.mp4");
  EXPECT_EQ(WithoutFolders("meet(model=/home/ann/m.tflite,wrap=0.3)"), "meet(model=m.tflite,wrap=0.3)");
  EXPECT_EQ(WithoutFolders("see '~/x/y.png'"), "see 'y.png'");
  EXPECT_EQ(WithoutFolders("either/or 3 / 4"), "either/or 3 / 4");
  EXPECT_EQ(WithoutFolders("https://example.org/a/b"), "https://example.org/a/b");
  EXPECT_EQ(WithoutFolders(""), "");
}

TEST(MapColour, GrowsLighterAllTheWay) {
  double last = -1;
  for (int i = 0; i <= 100; ++i) {
    const cv::Vec3b bgr = MapColour(i / 100.0);
    const auto linear = [&](int c) { return std::pow(bgr[c] / 255.0, 2.2); };
    const double luminance = 0.0722 * linear(0) + 0.7152 * linear(1) + 0.2126 * linear(2);
    EXPECT_GT(luminance, last) << i;
    last = luminance;
  }
  EXPECT_EQ(MapColour(kNan), MapColour(0));
  EXPECT_EQ(MapColour(7), MapColour(1));
}

TEST(Base64, MatchesRfc4648) {
  const auto encode = [](std::string_view text) { return Base64({text.begin(), text.end()}); };
  EXPECT_EQ(encode(""), "");
  EXPECT_EQ(encode("f"), "Zg==");
  EXPECT_EQ(encode("fo"), "Zm8=");
  EXPECT_EQ(encode("foo"), "Zm9v");
  EXPECT_EQ(encode("foobar"), "Zm9vYmFy");
}

TEST(RoomPicture, TellsBlackFromAbsent) {
  auto room = image::Reconstruction::Absent({3, 2});
  room.evidence(0, 1) = 4;
  room.bgr(0, 1) = cv::Vec3b(0, 0, 0);
  room.confidence(0, 1) = 0.5F;
  room.bgr(1, 1) = cv::Vec3b(9, 9, 9);  // no evidence: means nothing
  const cv::Mat4b picture = RoomPicture(room);
  EXPECT_EQ(picture(0, 1), cv::Vec4b(0, 0, 0, 255));
  EXPECT_EQ(picture(1, 1), cv::Vec4b(0, 0, 0, 0));
  const cv::Mat1b grey = ConfidenceGrey(room);
  EXPECT_EQ(grey(0, 1), 128);
  EXPECT_EQ(cv::countNonZero(grey), 1);
}

TEST(ShrinkToWidth, TransparentPixelsDoNotBleed) {
  cv::Mat4b picture(8, 16, cv::Vec4b(0, 0, 0, 0));
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 5; ++x) picture(y, x) = cv::Vec4b(40, 80, 200, 255);
  }
  const cv::Mat4b small = ShrinkToWidth(picture, 4);
  ASSERT_EQ(small.size(), cv::Size(4, 2));
  EXPECT_EQ(small(0, 0), cv::Vec4b(40, 80, 200, 255));
  EXPECT_EQ(small(0, 1), cv::Vec4b(40, 80, 200, 64));  // a quarter of the block, the same colour
  EXPECT_EQ(small(0, 3)[3], 0);
  EXPECT_EQ(ShrinkToWidth(picture, 16).data, picture.data);
}

TEST(DrawHeat, ScalesToARoundNumberAndMarksOnlyHeat) {
  cv::Mat1f heat(9, 9, 0.0F);
  heat(0, 8) = 0.043F;
  const HeatPicture picture = DrawHeat(heat, cv::Mat3b(9, 9, cv::Vec3b(200, 100, 50)));
  EXPECT_DOUBLE_EQ(picture.brightest, 0.05);
  EXPECT_EQ(HottestRegion(heat), "upper right");
  const cv::Vec3b cold = picture.bgr(4, 4);
  EXPECT_TRUE(cold[0] == cold[1] && cold[1] == cold[2]) << "the backdrop is grey";
  EXPECT_NE(picture.bgr(0, 8), cold);
  EXPECT_EQ(HottestRegion(cv::Mat1f(4, 4, 0.0F)), "");
  EXPECT_EQ(DrawHeat(heat, {}).bgr.size(), heat.size());
}

TEST(DrawMoment, KeepsTheLeakAndPalesTheRest) {
  audit::WorstMoment moment;
  moment.picture = cv::Mat3b(20, 40, cv::Vec3b(200, 60, 20));
  moment.leak = cv::Mat1b(20, 40, uchar{0});
  moment.leak(cv::Rect(10, 5, 8, 8)).setTo(255);
  const cv::Mat3b drawn = DrawMoment(moment, 640);
  EXPECT_EQ(drawn(8, 14), cv::Vec3b(200, 60, 20));
  EXPECT_NE(drawn(18, 38), cv::Vec3b(200, 60, 20));
  EXPECT_EQ(drawn(8, 9), cv::Vec3b(40, 214, 255)) << "outline";
  EXPECT_EQ(moment.picture(18, 38), cv::Vec3b(200, 60, 20)) << "the input stays as it is";
}

TEST(Axes, StepsAreRound) {
  EXPECT_DOUBLE_EQ(AxisStep(0.04, 4), 0.01);
  EXPECT_DOUBLE_EQ(AxisStep(0.37, 4), 0.1);
  EXPECT_DOUBLE_EQ(AxisStep(1, 4), 0.5);
  EXPECT_DOUBLE_EQ(TimeStep(74, 6), 15);
  EXPECT_DOUBLE_EQ(TimeStep(0.5, 6), 0.1);
  EXPECT_DOUBLE_EQ(TimeStep(3600, 6), 600);
  EXPECT_DOUBLE_EQ(TimeStep(100000, 6), 18000);
}

TEST(ChartView, DrawsStepsOnRoundAxes) {
  audit::AuditResult result;
  EXPECT_TRUE(ChartView(result).is_null());
  result.timeline = {{0, 0.9, 0}, {1, 0.02, 0.1}, {2, 0.038, 0.2}};
  result.raw = {{.start_s = 0, .end_s = 0.2, .frames = 5, .room_share = 1, .reason = "start"}};
  const auto view = ChartView(result);
  EXPECT_TRUE(view["clipped"]);
  EXPECT_EQ(view["leak_ticks"].back()["label"], "4.0 %");
  EXPECT_EQ(view["revealed_ticks"].back()["label"], "20 %");
  EXPECT_EQ(view["peak_share"], "90 %");
  EXPECT_EQ(view["raw_marks"].size(), 1);
  EXPECT_EQ(view["leak_path"], "M0.0,100V0.00H500.0V50.00H1000.0V5.00H1000V100Z");
}

TEST(ChartView, OneGlitchDoesNotFlattenTheRest) {
  audit::AuditResult result;
  for (int i = 0; i < 100; ++i) result.timeline.push_back({i * 1.0, i == 50 ? 0.7 : 0.01, 0.1});
  const auto view = ChartView(result);
  EXPECT_EQ(view["leak_ticks"].back()["label"], "3.0 %");
  EXPECT_TRUE(view["clipped"]);
  EXPECT_EQ(view["peak_time"], "0:50.0");
}

TEST(ChartView, RevealedRoomNeverFalls) {
  audit::AuditResult result;
  result.timeline = {{0, 0, 0.1}, {1, 0, 0}, {2, 0, 0.2}};
  EXPECT_EQ(ChartView(result)["revealed_line"], "M0.0,50.00H500.0V50.00H1000.0V0.00H1000");
}

TEST(ChartView, SurvivesOneSampleAndNan) {
  audit::AuditResult result;
  result.timeline = {{3, kNan, kNan}};
  const auto view = ChartView(result);
  EXPECT_EQ(view["time_ticks"][0]["label"], "0:03.0");
  EXPECT_EQ(view["leak_path"].get<std::string>().find("nan"), std::string::npos);
}

}  // namespace
}  // namespace peekproof::report
