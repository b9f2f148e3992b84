// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace peekproof::engines {
namespace {

using ::testing::HasSubstr;

TEST(SpecTest, TakesNameAndValuesApart) {
  const Spec bare = ParseSpec("meet").value();
  EXPECT_EQ(bare.name, "meet");
  EXPECT_TRUE(bare.values.empty());
  EXPECT_TRUE(ParseSpec("meet()").value().values.empty());
  const Spec full = ParseSpec(" mediapipe-artifact ( model = a b.tflite , x=1=2 ) ").value();
  EXPECT_EQ(full.name, "mediapipe-artifact");
  ASSERT_EQ(full.values.size(), 2U);
  EXPECT_EQ(full.values[0], std::make_pair(std::string("model"), std::string("a b.tflite")));
  EXPECT_EQ(full.values[1], std::make_pair(std::string("x"), std::string("1=2")));
}

TEST(SpecTest, RefusesOtherForms) {
  for (const char* text : {"", "  ", "(a=1)", "meet(a=1", "meet(a=1))", "meet((a=1)", "meet(a)", "meet(=1)",
                           "meet(a=1,)", "meet a=1", "meet)", "meet(a=1)x"}) {
    const auto spec = ParseSpec(text);
    ASSERT_FALSE(spec.ok()) << text;
    EXPECT_EQ(spec.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(spec.error().message, HasSubstr("name(key=value,...)"));
  }
}

struct Options {
  std::string model = "landscape";
  std::string mode = "image";
  int lag = 1;
  float wrap = 0.3F;
};

ParameterSet Bind(Options* options) {
  ParameterSet set;
  set.Text("model", &options->model, "the model");
  set.Choice("mode", &options->mode, {"image", "blur"}, "the mode");
  set.Integer("lag", &options->lag, 0, 1, "the lag");
  set.Number("wrap", &options->wrap, 0.0F, 1.0F, "the wrap");
  return set;
}

Result<void> Assign(const std::string& text, Options* options) {
  return Bind(options).Assign(ParseSpec(text).value());
}

TEST(ParameterSetTest, DescribesDefaultsAndRanges) {
  Options options;
  const auto infos = Bind(&options).Describe();
  ASSERT_EQ(infos.size(), 4U);
  EXPECT_EQ(infos[0].default_value, "landscape");
  EXPECT_EQ(infos[1].description, "the mode (image, blur)");
  EXPECT_EQ(infos[2].default_value, "1");
  EXPECT_EQ(infos[3].name, "wrap");
  EXPECT_EQ(infos[3].default_value, "0.3");
  EXPECT_EQ(infos[3].description, "the wrap (0 to 1)");
}

TEST(ParameterSetTest, AssignsWhatIsGivenAndKeepsTheRest) {
  Options options;
  ASSERT_TRUE(Assign("e(lag=0,mode=blur,wrap=0.75)", &options).ok());
  EXPECT_EQ(options.model, "landscape");
  EXPECT_EQ(options.mode, "blur");
  EXPECT_EQ(options.lag, 0);
  EXPECT_EQ(options.wrap, 0.75F);
}

TEST(ParameterSetTest, SaysWhatIsWrong) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"e(colour=1)", "engine e has no parameter 'colour'; it has model, mode, lag, wrap"},
      {"e(lag=2)", "engine e: lag must be a whole number from 0 to 1, not '2'"},
      {"e(lag=0.5)", "engine e: lag must be a whole number from 0 to 1, not '0.5'"},
      {"e(wrap=nan)", "engine e: wrap must be a number from 0 to 1, not 'nan'"},
      {"e(wrap=1.01)", "engine e: wrap must be a number from 0 to 1, not '1.01'"},
      {"e(wrap=)", "engine e: wrap must be a number from 0 to 1, not ''"},
      {"e(wrap=0.1x)", "engine e: wrap must be a number from 0 to 1, not '0.1x'"},
      {"e(mode=video)", "engine e: mode must be one of image, blur, not 'video'"},
      {"e(model=)", "engine e: model must not be empty"},
      {"e(lag=0,lag=1)", "engine e: parameter 'lag' is given twice"}};
  for (const auto& [text, message] : cases) {
    Options options;
    const auto result = Assign(text, &options);
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.error().message, message);
  }
}

TEST(ParameterSetTest, BindsDoublesFlagsAndTypesOfItsOwn) {
  double rate = 25;
  bool is_kept = false;
  std::string word = "a";
  ParameterSet set("thing");
  set.Number("rate", &rate, 1.0, 240.0, "the rate");
  set.Flag("keep", &is_kept, "keeps it");
  set.Custom(
      "word",
      [&](const std::string& text) -> Result<void> {
        if (text.size() != 1) return Error{ErrorCode::kNotFound, "give one letter"};
        word = text;
        return {};
      },
      [&] { return word; }, "a letter");
  ASSERT_TRUE(set.Assign(ParseSpec("t(rate=29.97,keep=yes,word=b)").value()).ok());
  EXPECT_EQ(rate, 29.97);
  EXPECT_TRUE(is_kept);
  const std::vector<ParameterInfo> infos = set.Describe();
  EXPECT_EQ(infos[0].default_value, "29.97");
  EXPECT_EQ(infos[1].default_value, "yes");
  EXPECT_EQ(infos[1].description, "keeps it (yes, no)");
  EXPECT_EQ(infos[2].default_value, "b");
  EXPECT_EQ(set.Assign(ParseSpec("t(keep=true)").value()).error().message,
            "thing t: keep must be yes or no, not 'true'");
  const auto wrong = set.Assign(ParseSpec("t(word=bc)").value());
  EXPECT_EQ(wrong.error().message, "thing t: word: give one letter");
  EXPECT_EQ(wrong.error().code, ErrorCode::kNotFound);
}

TEST(SpecTest, AddsAParameterToTheText) {
  EXPECT_EQ(WithParameter("meet", "mode", "blur"), "meet(mode=blur)");
  EXPECT_EQ(WithParameter("meet()", "mode", "blur"), "meet(mode=blur)");
  EXPECT_EQ(WithParameter("meet(wrap=0.3)", "mode", "blur"), "meet(wrap=0.3,mode=blur)");
  EXPECT_EQ(SpecWithModel("meet", ""), "meet");
  EXPECT_EQ(SpecWithModel("meet", "a/b.tflite"), "meet(model=a/b.tflite)");
}

TEST(SpecTest, NamesTheKindOfThingThatIsWrong) {
  EXPECT_THAT(ParseSpec("gaussian(", "blur").error().message, HasSubstr("bad blur spec"));
  int size = 1;
  ParameterSet set("blur");
  set.Integer("size", &size, 1, 9, "the size");
  EXPECT_EQ(set.Assign(ParseSpec("box(size=0)").value()).error().message,
            "blur box: size must be a whole number from 1 to 9, not '0'");
  EXPECT_EQ(set.Assign(ParseSpec("box(sise=3)").value()).error().message,
            "blur box has no parameter 'sise'; it has size");
}

}  // namespace
}  // namespace peekproof::engines
