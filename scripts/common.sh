# SPDX-License-Identifier: Apache-2.0
# Sourced by every script: strict mode, the repository's root as working directory, and a few helpers.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One job per core.
JOBS=$(nproc)
# Where each check and each CTest run leaves "passed failed", to be added up by scripts/summary.
RESULTS=build/results

# ccache is used where it is installed, and not needed.
if [[ -z ${CMAKE_CXX_COMPILER_LAUNCHER:-} ]] && command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

say() { printf '==> %s\n' "$*"; }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Files that git knows, plus new ones that it does not ignore, that match the given patterns and exist.
source_files() {
  local file
  git ls-files --cached --others --exclude-standard -- "$@" | sort -u | while IFS= read -r file; do
    [[ -f $file ]] && printf '%s\n' "$file"
  done
}

# record NAME PASSED FAILED: leaves a count for scripts/summary.
record() {
  mkdir -p "$RESULTS"
  printf '%d %d\n' "$2" "$3" >"$RESULTS/$1.count"
}
