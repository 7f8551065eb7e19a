// AdminCredentials: what the admin port proves itself with, and what it asks of a client.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string_view>

#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/observe/admin_options.h"

namespace earshot {

struct AdminCredentials {
  std::shared_ptr<boost::asio::ssl::context> tls;  // null: plain HTTP
  Secret token;                                    // empty: none is asked for

  // Whether the value of an Authorization header is allowed in. Takes time that depends on the lengths alone.
  [[nodiscard]] bool allow(std::string_view authorization) const;
};

// Reads the files that `options` name; binds nothing. The error names the file and what is wrong with it.
[[nodiscard]] Result<AdminCredentials> load_admin_credentials(const AdminOptions& options);

}  // namespace earshot
