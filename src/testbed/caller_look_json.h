// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "testbed/caller.h"

namespace peekproof::testbed {

/// What a drawn person looks like, as truth files tell it.
nlohmann::ordered_json LookJson(const CallerLook& look);

}  // namespace peekproof::testbed
