#include "ops/earshot/stop_deadline.h"

#include <semaphore>
#include <utility>

#include "engine/base/stoppable_sleep.h"

namespace earshot {

StopDeadline::StopDeadline(std::stop_token stop, std::chrono::milliseconds timeout, std::function<void()> on_overdue)
    : thread_([stop = std::move(stop), timeout, on_overdue = std::move(on_overdue)](const std::stop_token& end) {
        std::counting_semaphore<2> woken(0);
        const std::stop_callback asked(stop, [&woken] { woken.release(); });
        const std::stop_callback ended(end, [&woken] { woken.release(); });
        woken.acquire();
        if (sleep_unless_stopped(end, timeout)) on_overdue();
      }) {}

}  // namespace earshot
