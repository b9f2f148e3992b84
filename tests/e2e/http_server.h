// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace peekproof::e2e {

/// What a client asked for.
struct HttpRequest {
  std::string path;
  std::optional<size_t> first_byte;  ///< Of "Range: bytes=N-".
};

/// A web server on 127.0.0.1 for tests: answers GET, one connection after the other, from files in memory,
/// also from a byte on. Its files and its manners are set between requests.
class HttpServer {
 public:
  HttpServer();
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// "http://127.0.0.1:PORT", on a free port.
  std::string address() const;

  /// Answers `path` ("/name") with these bytes from now on; any other path is 404.
  void Serve(const std::string& path, std::string bytes);
  /// Breaks the connection of the next answer after so many bytes of the file.
  void CutNextAfter(size_t bytes);
  /// Sends the whole file whatever part is asked for, as some servers do.
  void IgnoreRanges();

  /// All requests so far.
  std::vector<HttpRequest> requests() const;

 private:
  void Run();
  void Answer(int connection);
  std::string AnswerTo(const HttpRequest& request);

  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;

  mutable std::mutex mutex_;  ///< Guards all up to the thread.
  std::map<std::string, std::string> files_;
  std::optional<size_t> cut_after_;
  bool ranges_ = true;
  std::vector<HttpRequest> requests_;

  std::thread thread_;
};

}  // namespace peekproof::e2e
