// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cmath>
#include <limits>
#include <utility>

#include "base/check.h"

namespace peekproof::study {
namespace {

constexpr int kPatienceMs = 10'000;  // For another process that writes.

Error Failed(sqlite3* database) {
  return {ErrorCode::kIo, fmt::format("the study's database: {}", sqlite3_errmsg(database))};
}

/// The file, for the user only; the database's own files beside it take over its mode.
bool Touch(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  return descriptor >= 0 && ::close(descriptor) == 0;
}

void CheckBound(int code) { PEEKPROOF_CHECK(code == SQLITE_OK, "binding: {}", sqlite3_errstr(code)); }

}  // namespace

void Statement::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

Statement& Statement::Add(int64_t value) {
  CheckBound(sqlite3_bind_int64(statement_.get(), ++bound_, value));
  return *this;
}

Statement& Statement::Add(double value) {
  ++bound_;
  CheckBound(std::isnan(value) ? sqlite3_bind_null(statement_.get(), bound_)
                               : sqlite3_bind_double(statement_.get(), bound_, value));
  return *this;
}

Statement& Statement::Add(std::string_view text) {
  CheckBound(sqlite3_bind_text(statement_.get(), ++bound_, text.data(), static_cast<int>(text.size()),
                               SQLITE_TRANSIENT));  // NOLINT: the library's own cast
  return *this;
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return Failed(sqlite3_db_handle(statement_.get()));
}

Result<void> Statement::Run() {
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, Step());
    if (!more) break;
  }
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bound_ = 0;
  return {};
}

int64_t Statement::Integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

double Statement::Number(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL)
    return std::numeric_limits<double>::quiet_NaN();
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::Text(int column) const {
  const unsigned char* const text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return "";
  return {reinterpret_cast<const char*>(text),
          static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Result<Database> Database::Open(const std::string& path, bool may_create) {
  if (!may_create && ::access(path.c_str(), F_OK) != 0)
    return Error{ErrorCode::kNotFound, fmt::format("there is no study; run one first: {}", path)};
  if (may_create && !Touch(path))
    return Error{ErrorCode::kIo, fmt::format("cannot write the study's database: {}", path)};
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  Database database(opened);
  if (code != SQLITE_OK)
    return Error{ErrorCode::kIo,
                 fmt::format("cannot open the study's database ({}): {}", sqlite3_errstr(code), path)};
  sqlite3_busy_timeout(opened, kPatienceMs);
  if (const auto usable = database.Execute("PRAGMA foreign_keys = ON; SELECT count(*) FROM sqlite_master");
      !usable.ok())
    return Error{ErrorCode::kIo, fmt::format("{}: {}", usable.error().message, path)};
  return database;
}

Result<Statement> Database::Prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK)
    return Failed(database_.get());
  return Statement(statement);
}

Result<void> Database::Execute(const std::string& sql) const {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return Failed(database_.get());
  return {};
}

int64_t Database::last_id() const { return sqlite3_last_insert_rowid(database_.get()); }

Result<Transaction> Transaction::Begin(const Database* database) {
  PEEKPROOF_RETURN_IF_ERROR(database->Execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  const Result<void> undone = database_->Execute("ROLLBACK");
  static_cast<void>(undone.ok());  // Where it failed, the database has rolled back itself.
}

Result<void> Transaction::Commit() {
  PEEKPROOF_RETURN_IF_ERROR(database_->Execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace peekproof::study
