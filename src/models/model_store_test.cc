// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/model_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "models/model_files.h"
#include "models/sha256.h"
#include "models/testing/environment.h"

namespace peekproof::models {
namespace {

namespace fs = std::filesystem;

using testing::ReadFile;
using testing::ScopedFolder;
using testing::ScopedVariable;
using testing::WriteFile;

std::string HashOf(const std::string& text) {
  return Sha256({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

struct Progress : ProgressSink {
  void Report(std::string_view stage, int64_t done, int64_t total) override {
    last_stage = stage;
    last_done = done;
    last_total = total;
    if (stop != nullptr) stop->request_stop();
  }
  std::string last_stage;
  int64_t last_done = 0;
  int64_t last_total = 0;
  std::stop_source* stop = nullptr;
};

/// A mirror with one file, a folder to fetch into, and a registry that names the file.
class ModelStoreTest : public ::testing::Test {
 protected:
  ModelStoreTest() {
    for (int i = 0; i < 20000; ++i) content_ += std::to_string(i);
    WriteFile(mirror_.path() / "a b.bin", content_);
    ModelEntry entry;
    entry.name = "test";
    entry.file = "a b.bin";
    entry.sha256 = HashOf(content_);
    registry_.models.push_back(entry);
    options_.mirror = "file://" + mirror_.path().string();
    options_.folder = folder_.path();
  }

  ModelOutcome Fetch() {
    return FetchModels(registry_, {"test"}, options_, &progress_, std::stop_token()).value().at(0);
  }
  fs::path Target() const { return folder_.path() / "a b.bin"; }
  fs::path Part() const { return folder_.path() / "a b.bin.part"; }

  ScopedFolder mirror_;
  ScopedFolder folder_;
  std::string content_;
  Registry registry_;
  FetchOptions options_;
  Progress progress_;
};

TEST(Sha256Test, KnowsThePublishedVectors) {
  EXPECT_EQ(HashOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HashOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256OfFile("/nowhere/at/all").error().code, ErrorCode::kIo);
}

TEST_F(ModelStoreTest, FetchesFromAFileMirror) {
  const ModelOutcome outcome = Fetch();
  ASSERT_TRUE(outcome.result.ok()) << outcome.result.error().message;
  EXPECT_EQ(ReadFile(Target()), content_);
  EXPECT_FALSE(fs::exists(Part()));
  EXPECT_EQ(progress_.last_stage, "test");
  EXPECT_EQ(progress_.last_done, static_cast<int64_t>(content_.size()));
}

TEST_F(ModelStoreTest, LeavesARightFileAloneAndReplacesAWrongOne) {
  ASSERT_TRUE(Fetch().result.ok());
  fs::remove(mirror_.path() / "a b.bin");
  EXPECT_TRUE(Fetch().result.ok());
  WriteFile(mirror_.path() / "a b.bin", content_);
  WriteFile(Target(), std::string("damaged"));
  EXPECT_TRUE(Fetch().result.ok());
  EXPECT_EQ(ReadFile(Target()), content_);
}

TEST_F(ModelStoreTest, ContinuesAPart) {
  WriteFile(Part(), content_.substr(0, 30000));
  // A mirror whose first half is wrong shows that only the rest is read.
  std::string half_wrong = content_;
  half_wrong.replace(0, 100, std::string(100, '?'));
  WriteFile(mirror_.path() / "a b.bin", half_wrong);
  const ModelOutcome outcome = Fetch();
  ASSERT_TRUE(outcome.result.ok()) << outcome.result.error().message;
  EXPECT_EQ(ReadFile(Target()), content_);
  EXPECT_EQ(progress_.last_total, static_cast<int64_t>(content_.size()));
}

TEST_F(ModelStoreTest, FinishesAPartThatIsWholeWithoutTheMirror) {
  WriteFile(Part(), content_);
  fs::remove(mirror_.path() / "a b.bin");
  EXPECT_TRUE(Fetch().result.ok());
  EXPECT_EQ(ReadFile(Target()), content_);
}

TEST_F(ModelStoreTest, StartsOverWhenThePartIsOfAnotherFile) {
  for (const std::string& wrong : {std::string(500, 'x'), content_ + "more"}) {
    WriteFile(Part(), wrong);
    fs::remove(Target());
    const ModelOutcome outcome = Fetch();
    ASSERT_TRUE(outcome.result.ok()) << outcome.result.error().message;
    EXPECT_EQ(ReadFile(Target()), content_);
  }
}

TEST_F(ModelStoreTest, KeepsNothingOfAWrongHash) {
  WriteFile(mirror_.path() / "a b.bin", std::string("something else"));
  const ModelOutcome outcome = Fetch();
  ASSERT_FALSE(outcome.result.ok());
  EXPECT_EQ(outcome.result.error().code, ErrorCode::kCorruptData);
  EXPECT_NE(outcome.result.error().message.find(HashOf(content_)), std::string::npos);
  EXPECT_FALSE(fs::exists(Target()));
  EXPECT_FALSE(fs::exists(Part()));
}

TEST_F(ModelStoreTest, TellsOfAFileThatIsNotThere) {
  fs::remove(mirror_.path() / "a b.bin");
  EXPECT_EQ(Fetch().result.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(fs::exists(Target()));
}

TEST_F(ModelStoreTest, TellsOfAFolderThatCannotBe) {
  WriteFile(folder_.path() / "file", std::string("x"));
  options_.folder = folder_.path() / "file" / "models";
  const auto outcomes = FetchModels(registry_, {"test"}, options_, nullptr, std::stop_token());
  ASSERT_FALSE(outcomes.ok());
  EXPECT_EQ(outcomes.error().code, ErrorCode::kIo);
  // A folder in the place of the part cannot be written to, as root neither.
  options_.folder = folder_.path();
  fs::create_directories(Part() / "x");
  EXPECT_EQ(Fetch().result.error().code, ErrorCode::kIo);
}

TEST_F(ModelStoreTest, StopsWhenAskedAndContinuesLater) {
  std::stop_source stop;
  progress_.stop = &stop;
  const auto outcomes = FetchModels(registry_, {"test"}, options_, &progress_, stop.get_token()).value();
  ASSERT_FALSE(outcomes.at(0).result.ok());
  EXPECT_EQ(outcomes[0].result.error().code, ErrorCode::kInterrupted);
  progress_.stop = nullptr;
  EXPECT_TRUE(Fetch().result.ok());
}

TEST_F(ModelStoreTest, SaysHowToGetWhatHasNoAddress) {
  registry_.models[0].npm = "@some/package";
  registry_.models[0].path = "a b.bin";
  options_.mirror.clear();
  const ModelOutcome outcome = Fetch();
  ASSERT_FALSE(outcome.result.ok());
  EXPECT_EQ(outcome.result.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(outcome.result.error().message, ::testing::HasSubstr("npm install @some/package"));
  EXPECT_THAT(outcome.result.error().message, ::testing::HasSubstr("--mirror"));
}

TEST_F(ModelStoreTest, RefusesUnknownNamesAndMirrors) {
  EXPECT_EQ(FetchModels(registry_, {"other"}, options_, nullptr, {}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(VerifyModels(registry_, {"other"}).error().code, ErrorCode::kInvalidArgument);
  options_.mirror = "ftp://example.org";
  EXPECT_EQ(FetchModels(registry_, {"test"}, options_, nullptr, {}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(ModelStoreTest, ListsAndVerifies) {
  const ScopedVariable variable("PEEKPROOF_MODEL_DIR", folder_.path().string());
  EXPECT_FALSE(ListModels(registry_).at(0).installed);
  EXPECT_TRUE(VerifyModels(registry_, {}).value().empty());
  EXPECT_EQ(VerifyModels(registry_, {"test"}).value().at(0).result.error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(Fetch().result.ok());
  EXPECT_EQ(ListModels(registry_).at(0).path, Target());
  EXPECT_TRUE(VerifyModels(registry_, {}).value().at(0).result.ok());
  WriteFile(Target(), std::string("damaged"));
  EXPECT_EQ(VerifyModels(registry_, {}).value().at(0).result.error().code, ErrorCode::kCorruptData);
}

TEST(ModelFilesTest, SearchesTheDocumentedFoldersInOrder) {
  const ScopedVariable chosen("PEEKPROOF_MODEL_DIR", "/chosen");
  const ScopedVariable data("XDG_DATA_HOME", "/data");
  const std::vector<fs::path> folders = ModelFolders();
  ASSERT_EQ(folders.size(), 5U);
  EXPECT_EQ(folders[0], "/chosen");
  EXPECT_EQ(folders[1].filename(), "models");
  EXPECT_EQ(folders[2], folders[1].parent_path().parent_path() / "models");
  EXPECT_EQ(folders[3], folders[1].parent_path().parent_path() / "share/peekproof/models");
  EXPECT_EQ(folders[4], "/data/peekproof/models");
  EXPECT_EQ(DefaultModelFolder(), "/chosen");
}

TEST(ModelFilesTest, ReadsFilesWithinALimit) {
  const ScopedFolder folder;
  WriteFile(folder.path() / "x", std::string("12345"));
  EXPECT_EQ(ReadFileBytes(folder.path() / "x", 5).value().size(), 5U);
  EXPECT_EQ(ReadFileBytes(folder.path() / "x", 4).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(ReadFileBytes(folder.path(), 5).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(ReadFileBytes(folder.path() / "y", 5).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace peekproof::models
