// ListenerFolder: a folder of its own for one test, gone with it.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "schemas/listener.h"

namespace earshot {

class ListenerFolder {
 public:
  ListenerFolder() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() /
            ("earshot-listeners-" + std::to_string(getpid()) + "-" + std::to_string(++count));
    std::filesystem::create_directories(path_);
  }
  ~ListenerFolder() { std::filesystem::remove_all(path_); }
  ListenerFolder(const ListenerFolder&) = delete;
  ListenerFolder& operator=(const ListenerFolder&) = delete;

  const ListenerFolder& write(const std::string& name, std::string_view content) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
    return *this;
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] auto load() const { return load_listeners(path_); }

  // What is wrong with the folder, with "DIR/" for its path; empty when it loads.
  [[nodiscard]] std::string fault() const {
    const auto loaded = load();
    if (loaded) return {};
    const std::string text = loaded.error().to_string();
    const std::string folder = path_.string();
    std::string shown;
    size_t done = 0;
    for (size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, done)) {
      shown.append(text, done, at - done).append("DIR");
      done = at + folder.size();
    }
    return shown.append(text, done, std::string::npos);
  }

 private:
  std::filesystem::path path_;
};

inline std::string fault_of(std::string_view yaml) {
  return ListenerFolder().write("a.yaml", yaml).fault();
}

}  // namespace earshot
