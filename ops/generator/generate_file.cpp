#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

#include "ops/generator/generator.h"

namespace earshot::generator {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Error write_error(const std::filesystem::path& path) {
  return failed(std::string("cannot write: ") + std::strerror(errno), path.string());
}

// Appends lines to `file` until the day is over.
bool write_lines(Generator& generator, std::FILE* file) {
  std::string buffer;
  Line line;
  while (generator.next(line)) {
    buffer.append(line.text).push_back('\n');
    if (buffer.size() < kBufferBytes) continue;
    if (std::fwrite(buffer.data(), 1, buffer.size(), file) != buffer.size()) return false;
    buffer.clear();
  }
  return std::fwrite(buffer.data(), 1, buffer.size(), file) == buffer.size() && std::fflush(file) == 0;
}

}  // namespace

Result<Tally> generate_file(const DayPlan& plan, const std::filesystem::path& path) {
  Result<Generator> generator = Generator::create(plan);
  if (!generator) return generator.error();
  if (path == "-") {
    if (!write_lines(*generator, stdout)) return write_error("stdout");
    return generator->tally();
  }
  std::error_code fault;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), fault);
  if (fault) return failed("cannot make the folder: " + fault.message(), path.parent_path().string());
  std::filesystem::path part = path;
  part += ".part";
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(part.c_str(), "wb"));
  if (!file || !write_lines(*generator, file.get())) return write_error(part);
  if (std::fclose(file.release()) != 0) return write_error(part);
  std::filesystem::rename(part, path, fault);
  if (fault) return failed("cannot name the finished file: " + fault.message(), path.string());
  return generator->tally();
}

}  // namespace earshot::generator
