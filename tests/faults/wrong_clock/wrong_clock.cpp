// A library that is preloaded: the wall clock of the process is as many seconds off as the file that WRONG_CLOCK names
// says, an int64_t in it, at the moment of asking. The monotonic clock is right. It calls nothing that allocates, since
// allocators ask for the time before they can.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {

const std::atomic<int64_t>* map_offset() {
  static const std::atomic<int64_t> none{0};
  const char* path = getenv("WRONG_CLOCK");
  const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return &none;
  void* mapped = mmap(nullptr, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  return mapped == MAP_FAILED ? &none : static_cast<const std::atomic<int64_t>*>(mapped);
}

int64_t offset_s() {
  static std::atomic<const std::atomic<int64_t>*> mapped{nullptr};
  const std::atomic<int64_t>* offset = mapped.load();
  if (offset == nullptr) mapped.store(offset = map_offset());  // two threads at once map it twice, which does no harm
  return offset->load();
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const auto result = static_cast<int>(syscall(SYS_clock_gettime, clock, now));
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += offset_s();
  return result;
}

int gettimeofday(timeval* now, void*) noexcept {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  if (now != nullptr) *now = {time.tv_sec, time.tv_nsec / 1'000};
  return 0;
}

time_t time(time_t* now) noexcept {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  if (now != nullptr) *now = time.tv_sec;
  return time.tv_sec;
}
}
