// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace peekproof::e2e {

/// The program's exit codes, as docs/cli.md has them.
inline constexpr int kComplete = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kPartial = 3;

/// What a run of the program left behind.
struct Outcome {
  int exit_code = -1;  ///< As a shell would see it: 128 + signal where a signal ended the program.
  std::string out;     ///< Standard output.
  std::string err;     ///< Standard error.
};

/// How to run the program.
struct RunOptions {
  /// Sends the program an interrupt, as Ctrl-C does, once it handles interrupts and has used so much
  /// processor time since its start, in seconds; negative: never. Processor time, so that a busy machine
  /// changes nothing.
  double interrupt_after_cpu_s = -1;
  std::vector<std::string> environment;  ///< Added to this process's: "NAME=value".
  int timeout_s = 300;                   ///< Then the program is killed and the exit code is 137.
};

/// Runs `peekproof` with `arguments`, without standard input and without a terminal, and waits for its end.
Outcome RunPeekproof(const std::vector<std::string>& arguments, const RunOptions& options = {});

/// A fresh folder, removed with all that is in it at the end of its life.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// Full name of an entry of that name in the folder.
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A model that is there wherever tests run, in the folder PEEKPROOF_MODELS.
inline constexpr const char* kModelFile = "selfie_segmentation.tflite";

/// Bytes of a file; empty where it cannot be read.
std::string ReadFile(const std::filesystem::path& path);
void WriteFile(const std::filesystem::path& path, const std::string& bytes);

/// Number of line ends, counting a last line without one.
int CountLines(const std::string& text);

}  // namespace peekproof::e2e
