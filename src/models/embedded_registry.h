// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace peekproof::models {

/// The text of models/registry.toml at the time of the build.
std::string_view EmbeddedRegistry();

}  // namespace peekproof::models
