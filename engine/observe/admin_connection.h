// Serves one connection to the admin port: one request, one answer, within a time that covers all of it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "engine/observe/admin_options.h"
#include "engine/observe/admin_pages.h"

namespace earshot {

// Lives until the connection ends, and holds `place` as long. Everything runs on the socket's executor. `pages`
// outlives it.
void serve_admin_connection(boost::asio::ip::tcp::socket socket, const AdminPages& pages, const AdminLimits& limits,
                            std::shared_ptr<void> place);

}  // namespace earshot
