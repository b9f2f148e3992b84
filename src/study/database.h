// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace peekproof::study {

/// A statement of SQL with its values and, once stepped, a row. Values are bound in order. Not thread-safe.
class Statement {
 public:
  Statement& Add(int64_t value);
  /// Not a number: NULL.
  Statement& Add(double value);
  Statement& Add(std::string_view text);

  /// The next row; false behind the last. Errors  kIo (the database's words).
  Result<bool> Step();
  /// Steps to the end and makes ready for other values. Errors  Step's.
  Result<void> Run();

  /// Columns of the row, from 0 on. NULL: 0, not a number, or empty.
  int64_t Integer(int column) const;
  double Number(int column) const;
  std::string Text(int column) const;

 private:
  friend class Database;
  struct Close {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Close> statement_;
  int bound_ = 0;
};

/// An SQLite database. Statements must not outlive it.
class Database {
 public:
  /// Opens a database for reading and writing, for the user only; makes the file where `may_create`.
  /// Errors  kNotFound (no such file), kIo (not a database, no permission); the path comes last.
  static Result<Database> Open(const std::string& path, bool may_create);

  Result<Statement> Prepare(std::string_view sql) const;
  /// Runs any number of statements without values.
  Result<void> Execute(const std::string& sql) const;
  /// Of the row that was inserted last.
  int64_t last_id() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

/// Changes that happen whole or not at all: those before Commit are taken back at the end of its life.
class Transaction {
 public:
  static Result<Transaction> Begin(const Database* database);
  ~Transaction();
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Result<void> Commit();

 private:
  explicit Transaction(const Database* database) : database_(database) {}
  const Database* database_;  ///< Null once committed or moved from.
};

}  // namespace peekproof::study
