// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "audit/blur_result.h"
#include "audit/finding_search.h"
#include "audit/survey.h"
#include "base/result.h"

namespace peekproof::audit {

/// Enhances the restored room with a network (models::MakeEnhancer). Errors  MakeEnhancer's, Enhance's.
Result<void> EnhanceRoom(const std::string& model, BlurResult* blur);

/// Looks in a single frame, in the average, in the restored room and in what a network made of it for what
/// can be named; then drops the single frame. Errors  FindingSearch's.
Result<void> FindBehindBlur(const SurveyedScene& scene, FindingSearch* search, BlurResult* blur);

}  // namespace peekproof::audit
