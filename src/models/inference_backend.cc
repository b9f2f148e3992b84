// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/inference_backend.h"

#include <utility>

#include "models/opencv_backend.h"
#include "models/xnnpack_backend.h"

namespace peekproof::models {

Result<ChosenBackend> MakeBackend(std::shared_ptr<const TfliteGraph> graph, BackendKind kind) {
  ChosenBackend chosen;
  if (kind != BackendKind::kOpenCv) {
    Result<std::unique_ptr<InferenceBackend>> backend = MakeXnnpackBackend(graph);
    if (backend.ok()) {
      chosen.backend = *std::move(backend);
      return chosen;
    }
    if (kind == BackendKind::kXnnpack) return backend.error();
    chosen.fallback = backend.error().message;
  }
  PEEKPROOF_ASSIGN_OR_RETURN(chosen.backend, MakeOpenCvBackend(*graph));
  return chosen;
}

}  // namespace peekproof::models
