// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/registry.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "models/testing/environment.h"

namespace peekproof::models {
namespace {

const std::string kHash(64, 'a');

/// A [[model]] table with some fields added or replaced; an empty value leaves a field out.
std::string Model(const std::vector<std::pair<std::string, std::string>>& changes = {}) {
  std::vector<std::pair<std::string, std::string>> fields{
      {"name", "\"test\""},          {"task", "\"segment\""}, {"file", "\"a.tflite\""},
      {"sha256", '"' + kHash + '"'}, {"licence", "\"MIT\""},  {"input", "\"0..1\""},
      {"output", "\"logit\""}};
  for (const auto& change : changes) {
    const auto same = std::find_if(fields.begin(), fields.end(),
                                   [&](const auto& field) { return field.first == change.first; });
    if (same == fields.end()) {
      fields.push_back(change);
    } else {
      same->second = change.second;
    }
  }
  std::string text = "[[model]]\n";
  for (const auto& [key, value] : fields) {
    if (!value.empty()) text += fmt::format("{} = {}\n", key, value);
  }
  return text;
}

void ExpectRefused(const std::string& text, const std::string& part) {
  const Result<Registry> registry = ParseRegistry(text);
  ASSERT_FALSE(registry.ok()) << text;
  EXPECT_EQ(registry.error().code, ErrorCode::kCorruptData);
  EXPECT_NE(registry.error().message.find(part), std::string::npos) << registry.error().message;
  EXPECT_EQ(registry.error().message.find('\n'), std::string::npos);
}

TEST(RegistryTest, BuiltInEntriesAreSound) {
  const Registry registry = LoadRegistry().value();
  for (const char* name :
       {"landscape", "selfie", "mlkit", "meet-full", "meet-lite", "deeplab", "bodypix", "yolox-nano", "yunet",
        "ultraface", "fsrcnn-x2", "fsrcnn-x4", "espcn-x2", "tcmonodepth"}) {
    EXPECT_NE(registry.Find(name), nullptr) << name;
  }
  EXPECT_EQ(registry.models[0].name, "landscape");
  EXPECT_EQ(registry.models[0].npm, "@mediapipe/selfie_segmentation");
  for (const ModelEntry& entry : registry.models) {
    EXPECT_EQ(entry.traits.has_value(), entry.task == ModelTask::kSegment) << entry.name;
    EXPECT_FALSE(entry.summary.empty()) << entry.name;
  }
  EXPECT_EQ(registry.FindBySha256(registry.models[1].sha256), &registry.models[1]);
  EXPECT_EQ(registry.Find("nothing"), nullptr);
}

TEST(RegistryTest, ReadsAllFields) {
  const Registry registry =
      ParseRegistry(Model({{"npm", "\"p\""}, {"path", "\"q/r\""}, {"address", "\"https://example.org/a\""}}))
          .value();
  const ModelEntry& entry = registry.models.at(0);
  EXPECT_EQ(entry.npm, "p");
  EXPECT_EQ(entry.path, "q/r");
  EXPECT_EQ(entry.address, "https://example.org/a");
  EXPECT_EQ(entry.traits->output, OutputKind::kLogit);
  EXPECT_EQ(entry.traits->input, InputRange::kZeroToOne);
  EXPECT_TRUE(ParseRegistry("").value().models.empty());
}

TEST(RegistryTest, NamesTheLineOfWhatIsWrong) {
  ExpectRefused("x = \n", "line 1");
  ExpectRefused(Model() + "\n\n[[model]]\nname = \"b\"\n", "line 11: this model has no task");
  ExpectRefused(Model({{"sha256", "\"abc\""}}), "line 5: sha256 is \"abc\" but must be 64");
  ExpectRefused(Model({{"licence", "7"}}), "line 6: licence must be a text");
  ExpectRefused(Model({{"hash", "\"x\""}}), "line 9: unknown field \"hash\"");
  ExpectRefused(Model() + Model(), "a second model called test");
}

TEST(RegistryTest, RefusesValuesThatAreDangerousOrMeaningless) {
  ExpectRefused(Model({{"file", "\"../a.tflite\""}}), "plain file name");
  ExpectRefused(Model({{"file", "\".hidden\""}}), "plain file name");
  ExpectRefused(Model({{"name", "\"A b\""}}), "lower-case");
  ExpectRefused(Model({{"task", "\"cook\""}}), "task is \"cook\"");
  ExpectRefused(Model({{"input", "\"0..2\""}}), "input is");
  ExpectRefused(Model({{"output", ""}}), "no output");
  ExpectRefused(Model({{"address", "\"file:///etc/passwd\""}}), "address is");
  ExpectRefused(Model({{"npm", "\"p\""}}), "go together");
  ExpectRefused("[model]\nname = \"x\"\n", "[[model]]");
  ExpectRefused("model = [1, 2]\n", "[[model]]");
  ExpectRefused("[[other]]\n", "[[model]]");
}

TEST(RegistryTest, AFileReplacesAndExtends) {
  const testing::ScopedFolder folder;
  const std::filesystem::path path = folder.path() / "mine.toml";
  testing::WriteFile(path, Model() + Model({{"name", "\"landscape\""}}));
  const size_t known = LoadRegistry().value().models.size();
  const testing::ScopedVariable variable("PEEKPROOF_REGISTRY", path.string());
  const Registry registry = LoadRegistry().value();
  EXPECT_EQ(registry.models.size(), known + 1);
  EXPECT_EQ(registry.Find("landscape")->sha256, kHash);
  EXPECT_EQ(registry.models.back().name, "test");

  testing::WriteFile(path, std::string("[[model]]\n"));
  const Error broken = LoadRegistry().error();
  EXPECT_NE(broken.message.find("line 1"), std::string::npos) << broken.message;
  EXPECT_TRUE(broken.message.ends_with(path.string()));
  std::filesystem::remove(path);
  EXPECT_EQ(LoadRegistry().error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace peekproof::models
