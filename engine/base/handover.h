// Handover: tells ThreadSanitizer that one thread goes on with what another has left. oneTBB orders its filters, but
// its own synchronisation is not instrumented as packaged. Nothing in any other build.
#pragma once

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace earshot {

#ifdef __SANITIZE_THREAD__
inline void hand_over(const void* what) {
  __tsan_release(const_cast<void*>(what));
}
inline void take_over(const void* what) {
  __tsan_acquire(const_cast<void*>(what));
}
#else
inline void hand_over(const void* /*what*/) {}
inline void take_over(const void* /*what*/) {}
#endif

}  // namespace earshot
