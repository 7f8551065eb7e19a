#include "connectors/local/stored_batch.h"

#include <bit>
#include <cstring>

namespace earshot::local {
namespace {

static_assert(std::endian::native == std::endian::little, "stored batches are copied as they lie in memory");

constexpr size_t kHeaderBytes = 16;
constexpr size_t kRecordHeaderBytes = 20;

template <class Number>
char* store(char* at, Number number) {
  std::memcpy(at, &number, sizeof(number));
  return at + sizeof(number);
}

template <class Number>
Number load(const char* at) {
  Number number;
  std::memcpy(&number, at, sizeof(number));
  return number;
}

}  // namespace

void StoredBatchWriter::clear() {
  bytes_.assign(kHeaderBytes, '\0');
  records_ = 0;
}

void StoredBatchWriter::append(uint32_t offset_delta, std::string_view key, std::string_view value,
                               int64_t timestamp_ms) {
  char head[kRecordHeaderBytes];
  char* at = store(head, offset_delta);
  at = store(at, static_cast<uint32_t>(key.size()));
  at = store(at, static_cast<uint32_t>(value.size()));
  store(at, timestamp_ms);
  // A batch that grew this far will most often be filled: growing by doubling would copy it again and again.
  constexpr size_t kSmallBytes = 64 << 10;
  if (bytes_.size() > kSmallBytes && bytes_.capacity() < kBatchTargetBytes) {
    bytes_.reserve(kBatchTargetBytes + kSmallBytes);
  }
  bytes_.append(head, kRecordHeaderBytes).append(key).append(value);
  ++records_;
}

std::string_view StoredBatchWriter::finish(uint32_t span, int64_t appended_at_ms) {
  char* at = store(bytes_.data(), records_);
  at = store(at, span);
  store(at, appended_at_ms);
  return bytes_;
}

std::optional<StoredBatchReader> StoredBatchReader::open(std::string_view bytes, int64_t base_offset) {
  if (bytes.size() < kHeaderBytes) return std::nullopt;
  const char* at = bytes.data();
  const StoredBatchHeader header{load<uint32_t>(at), load<uint32_t>(at + 4), load<int64_t>(at + 8)};
  return StoredBatchReader(header, bytes.substr(kHeaderBytes), base_offset);
}

std::optional<RecordView> StoredBatchReader::next() {
  if (read_ == header_.records || rest_.size() < kRecordHeaderBytes) return std::nullopt;
  const char* at = rest_.data();
  const auto offset_delta = load<uint32_t>(at);
  const size_t key_bytes = load<uint32_t>(at + 4);
  const size_t value_bytes = load<uint32_t>(at + 8);
  const auto timestamp_ms = load<int64_t>(at + 12);
  if (rest_.size() - kRecordHeaderBytes < key_bytes + value_bytes) return std::nullopt;
  at += kRecordHeaderBytes;
  rest_.remove_prefix(kRecordHeaderBytes + key_bytes + value_bytes);
  ++read_;
  return RecordView{{at, key_bytes}, {at + key_bytes, value_bytes}, base_offset_ + offset_delta, timestamp_ms};
}

}  // namespace earshot::local
