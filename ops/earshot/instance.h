// Instance: the name of this process towards others of the same deployment. It stays the same for as long as its data
// folder does, so that a process that is started again is known as the one that was there before.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "engine/base/result.h"

namespace earshot {

class Instance {
 public:
  // Takes the first name in `data_dir` that no running process holds, a new one when all are taken, and holds it until
  // it is destroyed or the process ends, however it ends. Errors: the folder cannot be written.
  static Result<Instance> claim(const std::filesystem::path& data_dir);

  Instance(Instance&& other) noexcept
      : name_(std::move(other.name_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  Instance& operator=(Instance&&) = delete;
  ~Instance();

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  Instance(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}

  std::string name_;
  int descriptor_;  // open and locked
};

}  // namespace earshot
