// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Fetching and verifying models, from a mirror that is a folder.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "program.h"

namespace peekproof::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// A mirror with the selfie model, and an empty folder to fetch into.
class Models : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(mirror_);
    fs::create_directory(models_);
    fs::copy_file(fs::path(PEEKPROOF_MODELS) / kModelFile, fs::path(mirror_) / kModelFile);
    options_.environment = {"PEEKPROOF_MODEL_DIR=" + models_};
  }

  Outcome Fetch() {
    return RunPeekproof({"models", "fetch", "selfie", "--mirror", "file://" + mirror_, "--to", models_},
                        options_);
  }
  Outcome Verify() { return RunPeekproof({"models", "verify", "selfie"}, options_); }

  const TemporaryFolder folder_;
  const std::string mirror_ = folder_ / "mirror";
  const std::string models_ = folder_ / "models";
  RunOptions options_;
};

TEST_F(Models, FetchPutsTheFileWhereAuditsLook) {
  const Outcome fetched = Fetch();
  EXPECT_EQ(fetched.exit_code, kComplete) << fetched.err;
  EXPECT_TRUE(ReadFile(models_ + "/" + kModelFile) == ReadFile(mirror_ + "/" + kModelFile))
      << "not the same bytes";
  const Outcome verified = Verify();
  EXPECT_EQ(verified.exit_code, kComplete) << verified.err;
  EXPECT_THAT(verified.out, StartsWith("selfie: ok"));
  const Outcome again = Fetch();
  EXPECT_EQ(again.exit_code, kComplete) << again.err;
}

TEST_F(Models, FetchRefusesADamagedFile) {
  std::string bytes = ReadFile(mirror_ + "/" + kModelFile);
  bytes[bytes.size() / 2] ^= 1;
  WriteFile(mirror_ + "/" + kModelFile, bytes);
  const Outcome outcome = Fetch();
  EXPECT_EQ(outcome.exit_code, kFailed);
  EXPECT_THAT(outcome.err, HasSubstr("SHA-256"));
  EXPECT_FALSE(fs::exists(models_ + "/" + kModelFile));
}

TEST_F(Models, FetchSaysWhatTheMirrorLacks) {
  fs::remove(mirror_ + "/" + kModelFile);
  const Outcome outcome = Fetch();
  EXPECT_EQ(outcome.exit_code, kFailed);
  EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("selfie"));
}

TEST_F(Models, VerifyFindsADamagedFile) {
  ASSERT_EQ(Fetch().exit_code, kComplete);
  std::string bytes = ReadFile(models_ + "/" + kModelFile);
  bytes.back() ^= 1;
  fs::permissions(models_ + "/" + kModelFile, fs::perms::owner_all);
  WriteFile(models_ + "/" + kModelFile, bytes);
  const Outcome outcome = Verify();
  EXPECT_EQ(outcome.exit_code, kFailed);
  EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("selfie"));
}

TEST_F(Models, UnknownNameIsRefused) {
  const Outcome outcome =
      RunPeekproof({"models", "fetch", "no-such-model", "--mirror", "file://" + mirror_}, options_);
  EXPECT_NE(outcome.exit_code, kComplete);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("no-such-model"));
}

}  // namespace
}  // namespace peekproof::e2e
