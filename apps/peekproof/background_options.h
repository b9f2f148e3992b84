// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "apply/open_background.h"

namespace peekproof::cli {

/// Registers what all commands that put a background behind a caller share: --background, --fit, --keep and
/// --depth.
void AddBackgroundOptions(CLI::App* app, apply::BackgroundOptions* options);

}  // namespace peekproof::cli
