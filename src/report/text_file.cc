// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/text_file.h"

#include "media/atomic_file.h"

namespace peekproof::report {

Result<void> WriteTextFile(const std::string& path, const std::string& text) {
  PEEKPROOF_ASSIGN_OR_RETURN(media::AtomicFile file, media::AtomicFile::Create(path));
  PEEKPROOF_RETURN_IF_ERROR(file.Write({reinterpret_cast<const uint8_t*>(text.data()), text.size()}));
  return file.Commit();
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted(1, '"');
  for (const char letter : text) quoted.append(letter == '"' ? 2 : 1, letter);
  quoted += '"';
  return quoted;
}

}  // namespace peekproof::report
