// WireWork: the records of an internal topic, read from Protobuf in the parallel part of a topology.
#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/runtime/topology.h"

namespace earshot {

// Bytes of a message that are the same on every run: maps are written in order of their keys.
inline std::string wire_bytes(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return bytes;
}

template <class Message>
struct WireWork : Work {
  using Work::Work;
  google::protobuf::Arena arena;
  std::vector<Message*> records;  // in the arena
  Result<void> outcome;           // of reading: internal records are ours, so one that cannot be read stops the task
};

template <class Message>
std::unique_ptr<Work> read_wire_records(std::unique_ptr<RecordBatch> batch) {
  auto work = std::make_unique<WireWork<Message>>(std::move(batch));
  work->records.reserve(work->batch->size());
  for (size_t i = 0; i < work->batch->size(); ++i) {
    const RecordView record = (*work->batch)[i];
    auto* message = google::protobuf::Arena::CreateMessage<Message>(&work->arena);
    work->records.push_back(message);
    if (message->ParseFromArray(record.value.data(), static_cast<int>(record.value.size()))) continue;
    work->outcome = Error{ErrorCode::kCorrupt, "expected a record of type " + std::string(Message().GetTypeName()),
                          work->batch->partition().to_string() + "@" + std::to_string(record.offset)};
    break;
  }
  return work;
}

}  // namespace earshot
