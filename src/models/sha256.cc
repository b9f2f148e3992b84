// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/sha256.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <vector>

namespace peekproof::models {
namespace {

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// One running hash. OpenSSL's calls fail only when it is out of memory or misused.
class Hash {
 public:
  Hash() : context_(EVP_MD_CTX_new()) {
    PEEKPROOF_CHECK(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1,
                    "OpenSSL has no SHA-256");
  }

  void Add(const void* data, size_t size) {
    PEEKPROOF_CHECK(EVP_DigestUpdate(context_.get(), data, size) == 1, "OpenSSL failed");
  }

  std::string Digits() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    PEEKPROOF_CHECK(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1, "OpenSSL failed");
    std::string digits;
    for (unsigned int i = 0; i < size; ++i) digits += fmt::format("{:02x}", digest[i]);
    return digits;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, ContextDeleter> context_;
};

}  // namespace

std::string Sha256(std::span<const uint8_t> bytes) {
  Hash hash;
  hash.Add(bytes.data(), bytes.size());
  return hash.Digits();
}

Result<std::string> Sha256OfFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Hash hash;
  std::vector<char> piece(size_t{1} << 16U);
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    hash.Add(piece.data(), static_cast<size_t>(file.gcount()));
  }
  if (!file.eof()) return Error{ErrorCode::kIo, fmt::format("cannot read the model file: {}", path.string())};
  return hash.Digits();
}

}  // namespace peekproof::models
