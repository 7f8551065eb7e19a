// AdminPages: what the admin port answers, apart from sockets. Used by the port's thread.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "engine/observe/admin_credentials.h"
#include "engine/observe/metrics.h"
#include "engine/observe/readiness.h"

namespace earshot {

using AdminRequest = boost::beast::http::request<boost::beast::http::string_body>;
using AdminResponse = boost::beast::http::response<boost::beast::http::string_body>;

class AdminPages {
 public:
  AdminPages(Metrics& metrics, const Readiness& readiness, AdminCredentials credentials)
      : metrics_(metrics), readiness_(readiness), credentials_(std::move(credentials)) {}

  [[nodiscard]] AdminResponse answer(const AdminRequest& request) const;

  // To what could not be read as a request.
  [[nodiscard]] static AdminResponse refuse(boost::beast::error_code fault);

  [[nodiscard]] const AdminCredentials& credentials() const { return credentials_; }

 private:
  Metrics& metrics_;
  const Readiness& readiness_;
  AdminCredentials credentials_;
};

}  // namespace earshot
