// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <iostream>

#include "command.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write, reported as such
  return peekproof::cli::RunCommandLine(argc, argv, {std::cout, std::cerr});
}
