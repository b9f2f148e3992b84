// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "base/check.h"

namespace peekproof::e2e {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void BecomeProgram(std::vector<char*> argv, std::vector<std::string> environment,
                                const std::string& out, const std::string& err) {
  const int in_fd = open("/dev/null", O_RDONLY);
  const int out_fd = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_fd = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (in_fd < 0 || out_fd < 0 || err_fd < 0) _exit(126);
  dup2(in_fd, STDIN_FILENO);
  dup2(out_fd, STDOUT_FILENO);
  dup2(err_fd, STDERR_FILENO);
  for (std::string& variable : environment) putenv(variable.data());
  execv(argv[0], argv.data());
  _exit(127);
}

/// Whether the process has installed a handler for SIGINT (the bit mask SigCgt of proc(5)).
bool HandlesInterrupts(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  std::string line;
  while (std::getline(status, line)) {
    if (line.rfind("SigCgt:", 0) != 0) continue;
    return (std::stoull(line.substr(7), nullptr, 16) & (1ULL << (SIGINT - 1))) != 0;
  }
  return false;
}

/// Processor time of all threads (fields 14 and 15 of /proc/PID/stat; the name before them may hold blanks).
double CpuSeconds(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const size_t end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return 0;
  std::istringstream fields(text.substr(end_of_name + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

int WaitForEnd(pid_t child, const RunOptions& options) {
  const auto deadline = Clock::now() + std::chrono::seconds(options.timeout_s);
  bool interrupted = false;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (!interrupted && options.interrupt_after_cpu_s >= 0 && HandlesInterrupts(child) &&
        CpuSeconds(child) >= options.interrupt_after_cpu_s) {
      interrupted = true;
      kill(child, SIGINT);
    }
    if (Clock::now() > deadline) kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Outcome RunPeekproof(const std::vector<std::string>& arguments, const RunOptions& options) {
  const TemporaryFolder folder;
  const std::string out = folder / "out";
  const std::string err = folder / "err";
  std::vector<std::string> words = {PEEKPROOF_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  std::transform(words.begin(), words.end(), std::back_inserter(argv),
                 [](std::string& word) { return word.data(); });
  argv.push_back(nullptr);

  const pid_t child = fork();
  PEEKPROOF_CHECK(child >= 0, "cannot start another process");
  if (child == 0) BecomeProgram(argv, options.environment, out, err);
  const int exit_code = WaitForEnd(child, options);
  return {exit_code, ReadFile(out), ReadFile(err)};
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "peekproof_e2e_XXXXXX").string();
  PEEKPROOF_CHECK(mkdtemp(name.data()) != nullptr, "cannot make a temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void WriteFile(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream stream(path, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  PEEKPROOF_CHECK(stream.good(), "cannot write a test's file");
}

int CountLines(const std::string& text) {
  const auto ends = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  return text.empty() || text.back() == '\n' ? ends : ends + 1;
}

}  // namespace peekproof::e2e
