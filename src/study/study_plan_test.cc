// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study_plan.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace peekproof::study {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kGood = R"toml(
[set]
path = "../calls"
[attacks]
list = ["unmix", "zoomg(comparison=cosine)"]
)toml";

std::string MessageOf(const std::string& toml) {
  const auto plan = ParseStudy(toml, "/studies");
  if (plan.ok()) return "no error";
  EXPECT_EQ(plan.error().code, ErrorCode::kInvalidArgument);
  return plan.error().message;
}

TEST(StudyPlan, TakesDefaultsAndResolvesPaths) {
  const auto plan = ParseStudy(kGood, "/studies/one");
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_EQ(plan->set_path, "/studies/calls");
  EXPECT_THAT(plan->attacks, ElementsAre("unmix", "zoomg(comparison=cosine)"));
  EXPECT_EQ(plan->engine, "own");
  EXPECT_THAT(plan->caller_models, ElementsAre("selfie"));
  EXPECT_FALSE(plan->true_wallpaper);
  EXPECT_EQ(plan->other_room, "");
}

TEST(StudyPlan, ReadsAllKeys) {
  const auto plan = ParseStudy(R"toml(
[set]
matrix = "set.toml"
files = "footage"
[attacks]
list = "unmix"
[attack_options]
engine = "meet(wrap=0.3)"
caller_model = ["selfie", "landscape"]
wallpaper = "true"
other_room = "rooms/other.jpg"
)toml",
                               "/studies");
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_EQ(plan->set_matrix, "/studies/set.toml");
  EXPECT_EQ(plan->set_files, "/studies/footage");
  EXPECT_EQ(plan->engine, "meet(wrap=0.3)");
  EXPECT_THAT(plan->caller_models, ElementsAre("selfie", "landscape"));
  EXPECT_TRUE(plan->true_wallpaper);
  EXPECT_EQ(plan->other_room, "/studies/rooms/other.jpg");
  EXPECT_NE(SettingsJson(*plan), SettingsJson(*ParseStudy(kGood, "/studies")));
}

TEST(StudyPlan, SaysWhatIsWrongAndWhere) {
  const std::string good = kGood;
  EXPECT_THAT(MessageOf("[set"), HasSubstr("line 1 of the study file"));
  EXPECT_THAT(MessageOf("[scenes]\n"),
              HasSubstr("line 1 of the study file: 'scenes' is not a section; there are [set], [attacks]"));
  EXPECT_THAT(MessageOf("[set]\npaht = \"a\"\n"),
              HasSubstr("line 2 of the study file: [set] has no 'paht'; it has path, matrix and files"));
  EXPECT_THAT(MessageOf("[attacks]\nlist = \"unmix\"\n"),
              HasSubstr("the study file: [set] needs either path"));
  EXPECT_THAT(MessageOf("[set]\npath = \"a\"\nmatrix = \"b\"\n"), HasSubstr("needs either path"));
  EXPECT_THAT(MessageOf("[set]\npath = \"a\"\nfiles = \"b\"\n"), HasSubstr("files goes with matrix"));
  EXPECT_THAT(MessageOf("[set]\npath = 3\n"), HasSubstr("line 2 of the study file: path must be a text"));
  EXPECT_THAT(MessageOf("[set]\npath = \"a\"\n"), HasSubstr("[attacks] needs list"));
  EXPECT_THAT(MessageOf("[set]\npath = \"a\"\n[attacks]\nlist = [\"nope\"]\n"),
              AllOf(HasSubstr("line 4"), HasSubstr("nope"), HasSubstr("seeing-through")));
  EXPECT_THAT(MessageOf("[set]\npath = \"a\"\n[attacks]\nlist = [\"unmix\", \"unmix\"]\n"),
              HasSubstr("list has 'unmix' twice"));
  EXPECT_THAT(MessageOf("[set]\npath = \"a\"\n[attacks]\nlist = []\n"), HasSubstr("list must not be empty"));
}

TEST(StudyPlan, ChecksAttackOptions) {
  const auto message = [](const std::string& line) {
    return MessageOf(fmt::format("{}[attack_options]\n{}\n", kGood, line));
  };
  EXPECT_THAT(message("wallpapers = \"true\""),
              HasSubstr("line 7 of the study file: [attack_options] has no 'wallpapers'; it has engine, "
                        "caller_model, wallpaper and other_room"));
  EXPECT_THAT(message("wallpaper = \"known\""),
              HasSubstr("wallpaper must be \"estimated\" or \"true\", not 'known'"));
  EXPECT_THAT(message("engine = \"auto\"\nwallpapers = 1"), HasSubstr("has no 'wallpapers'"));
  EXPECT_THAT(message("engine = \"skype\""),
              AllOf(HasSubstr("there is no engine 'skype'"), HasSubstr("own, auto, "), HasSubstr("meet")));
  EXPECT_THAT(message("engine = \"meet(\""), HasSubstr("line 7"));
  EXPECT_THAT(message("caller_model = []"), HasSubstr("caller_model must not be empty"));
}

TEST(StudyPlan, NamesAFileThatIsNotThere) {
  const auto missing = ReadStudy("/no/such/study.toml");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr("/no/such/study.toml"));
}

}  // namespace
}  // namespace peekproof::study
