#include "engine/observe/admin_pages.h"

#include <fmt/format.h>

#include <boost/beast/http/error.hpp>

#include "engine/base/json_writer.h"

namespace earshot {
namespace {

namespace http = boost::beast::http;

constexpr const char* kPlainText = "text/plain";

AdminResponse page(http::status status, std::string body, const char* type = kPlainText) {
  AdminResponse response(status, 11);
  response.set(http::field::content_type, type);
  response.set(http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  response.keep_alive(false);  // a connection that stays would hold one of the few places
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

AdminResponse readiness_page(const Readiness& readiness) {
  bool is_ready = true;
  std::string checks;
  JsonWriter json(checks);
  json.begin_array();
  for (const ReadinessCheck& check : readiness.ask()) {
    is_ready = is_ready && !check.reason;
    json.begin_object().member("name", check.name).key("ready").boolean(!check.reason);
    if (check.reason) json.member("reason", *check.reason);
    json.end_object();
  }
  json.end_array();
  return page(is_ready ? http::status::ok : http::status::service_unavailable,
              fmt::format("{{\"ready\":{},\"checks\":{}}}\n", is_ready, checks), "application/json");
}

}  // namespace

AdminResponse AdminPages::answer(const AdminRequest& request) const {
  const auto authorization = request[http::field::authorization];
  if (!credentials_.allow({authorization.data(), authorization.size()})) {
    AdminResponse response = page(http::status::unauthorized, "send the admin port's token: Authorization: Bearer …\n");
    response.set(http::field::www_authenticate, "Bearer");
    return response;
  }
  if (request.method() != http::verb::get) {
    const bool wants_body = request.method() != http::verb::head;
    AdminResponse response = page(http::status::method_not_allowed, wants_body ? "only GET is answered\n" : "");
    response.set(http::field::allow, "GET");
    return response;
  }
  const auto target = request.target();
  if (target == "/metrics")
    return page(http::status::ok, metrics_.scrape(), "text/plain; version=0.0.4; charset=utf-8");
  if (target == "/livez") return page(http::status::ok, "ok\n");
  if (target == "/readyz") return readiness_page(readiness_);
  return page(http::status::not_found, "this port answers GET /metrics, /livez and /readyz\n");
}

AdminResponse AdminPages::refuse(boost::beast::error_code fault) {
  if (fault == http::error::header_limit) {
    return page(http::status::request_header_fields_too_large, "the request's head is too long\n");
  }
  if (fault == http::error::body_limit)
    return page(http::status::payload_too_large, "the request's body is too long\n");
  return page(http::status::bad_request, "this is not a request that HTTP/1.1 knows\n");
}

}  // namespace earshot
