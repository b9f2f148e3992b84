// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "http_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/check.h"

namespace peekproof::e2e {
namespace {

/// A request's lines up to the empty one; less where the client breaks off.
std::string ReadHead(int connection) {
  constexpr size_t kMost = 64 * 1024;
  std::string head;
  char buffer[4096];
  while (head.find("\r\n\r\n") == std::string::npos && head.size() < kMost) {
    const ssize_t count = recv(connection, buffer, sizeof(buffer), 0);
    if (count <= 0) break;
    head.append(buffer, static_cast<size_t>(count));
  }
  return head;
}

HttpRequest Parse(const std::string& head) {
  HttpRequest request;
  const size_t start = head.find(' ') + 1;
  request.path = head.substr(start, head.find(' ', start) - start);
  const std::string range = "\r\nRange: bytes=";
  const size_t at = head.find(range);
  if (at != std::string::npos) request.first_byte = std::strtoul(&head[at + range.size()], nullptr, 10);
  return request;
}

void SendAll(int connection, const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;  // The client went away.
    sent += static_cast<size_t>(count);
  }
}

std::string Empty(const char* status) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
}

}  // namespace

HttpServer::HttpServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool listens = listener_ >= 0 && bind(listener_, generic, size) == 0 && listen(listener_, 8) == 0 &&
                       getsockname(listener_, generic, &size) == 0;
  PEEKPROOF_CHECK(listens, "cannot listen on 127.0.0.1");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

HttpServer::~HttpServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);  // Ends accept.
  thread_.join();
  close(listener_);
}

std::string HttpServer::address() const { return fmt::format("http://127.0.0.1:{}", port_); }

void HttpServer::Serve(const std::string& path, std::string bytes) {
  const std::lock_guard lock(mutex_);
  files_[path] = std::move(bytes);
}

void HttpServer::CutNextAfter(size_t bytes) {
  const std::lock_guard lock(mutex_);
  cut_after_ = bytes;
}

void HttpServer::IgnoreRanges() {
  const std::lock_guard lock(mutex_);
  ranges_ = false;
}

std::vector<HttpRequest> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::Run() {
  while (!stopping_) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    Answer(connection);
    close(connection);
  }
}

void HttpServer::Answer(int connection) {
  const std::string head = ReadHead(connection);
  if (head.find("\r\n\r\n") == std::string::npos) return;
  SendAll(connection, AnswerTo(Parse(head)));
}

std::string HttpServer::AnswerTo(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  const auto found = files_.find(request.path);
  if (found == files_.end()) return Empty("404 Not Found");
  const std::string& bytes = found->second;
  const size_t first = ranges_ ? request.first_byte.value_or(0) : 0;
  if (first > 0 && first >= bytes.size()) return Empty("416 Range Not Satisfiable");
  std::string answer = "HTTP/1.1 200 OK\r\n";
  if (first > 0) {
    answer = fmt::format("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {}-{}/{}\r\n", first,
                         bytes.size() - 1, bytes.size());
  }
  answer += fmt::format("Content-Length: {}\r\nConnection: close\r\n\r\n", bytes.size() - first);
  const size_t whole = bytes.size() - first;
  answer += bytes.substr(first, std::min(whole, std::exchange(cut_after_, std::nullopt).value_or(whole)));
  return answer;
}

}  // namespace peekproof::e2e
