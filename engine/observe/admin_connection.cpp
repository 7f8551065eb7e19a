#include "engine/observe/admin_connection.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <optional>

namespace earshot {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using beast::error_code;
using boost::asio::ip::tcp;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

template <class Stream>
class Connection : public std::enable_shared_from_this<Connection<Stream>> {
 public:
  Connection(Stream stream, const AdminPages& pages, const AdminLimits& limits, std::shared_ptr<void> place)
      : stream_(std::move(stream)),
        pages_(pages),
        buffer_(limits.header_bytes + limits.body_bytes),
        place_(std::move(place)) {
    parser_.header_limit(static_cast<uint32_t>(limits.header_bytes));
    parser_.body_limit(limits.body_bytes);
    // Set once and never moved on: a client that sends byte after byte is cut off like one that sends none.
    beast::get_lowest_layer(stream_).expires_after(limits.request_time);
  }

  void start() {
    if constexpr (std::same_as<Stream, TlsStream>) {
      stream_.async_handshake(boost::asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](error_code fault) {
                                if (!fault) self->read();
                              });
    } else {
      read();
    }
  }

 private:
  void read() {
    http::async_read(stream_, buffer_, parser_, [self = this->shared_from_this()](error_code fault, size_t) {
      const bool has_gone = fault == http::error::end_of_stream || fault == http::error::partial_message;
      const bool is_http_fault = fault.category() == http::make_error_code(http::error::bad_method).category();
      if (!fault) {
        self->write(self->pages_.answer(self->parser_.get()));
      } else if (is_http_fault && !has_gone) {
        self->write(AdminPages::refuse(fault));
      }
    });
  }

  void write(AdminResponse response) {
    response_ = std::move(response);
    http::async_write(stream_, response_, [self = this->shared_from_this()](error_code fault, size_t) {
      if (!fault) self->close();
    });
  }

  void close() {
    if constexpr (std::same_as<Stream, TlsStream>) {
      stream_.async_shutdown([self = this->shared_from_this()](error_code) {});
    } else {
      error_code ignored;
      stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }
  }

  Stream stream_;
  const AdminPages& pages_;
  beast::flat_buffer buffer_;
  http::request_parser<http::string_body> parser_;
  AdminResponse response_;
  std::shared_ptr<void> place_;
};

}  // namespace

void serve_admin_connection(tcp::socket socket, const AdminPages& pages, const AdminLimits& limits,
                            std::shared_ptr<void> place) {
  PlainStream plain(std::move(socket));
  if (const auto& tls = pages.credentials().tls) {
    std::make_shared<Connection<TlsStream>>(TlsStream(std::move(plain), *tls), pages, limits, std::move(place))
        ->start();
  } else {
    std::make_shared<Connection<PlainStream>>(std::move(plain), pages, limits, std::move(place))->start();
  }
}

}  // namespace earshot
