#include "connectors/local/state_backend.h"

namespace earshot::local {

Result<std::optional<std::string>> LocalStateBackend::get(std::string_view key) const {
  std::string value;
  const std::string full_key = std::string(prefix_).append(key);
  const rocksdb::Status status = database_->rocks().Get(rocksdb::ReadOptions(), database_->state(), full_key, &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return database_->to_error(status, "read its state");
  return std::optional<std::string>(std::move(value));
}

Result<void> LocalStateBackend::scan(
    std::string_view prefix, const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  const std::string first = std::string(prefix_).append(prefix);
  const std::string limit = after_prefix(first);
  const rocksdb::Slice upper(limit);
  rocksdb::ReadOptions options;
  if (!limit.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> entries(database_->rocks().NewIterator(options, database_->state()));
  for (entries->Seek(first); entries->Valid(); entries->Next()) {
    if (!visit(entries->key().ToStringView().substr(prefix_.size()), entries->value().ToStringView())) return {};
  }
  if (!entries->status().ok()) return database_->to_error(entries->status(), "read its state");
  return {};
}

}  // namespace earshot::local
