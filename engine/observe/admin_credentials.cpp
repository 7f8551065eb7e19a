#include "engine/observe/admin_credentials.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <string>

#include "engine/base/secret_file.h"

namespace earshot {
namespace {

namespace ssl = boost::asio::ssl;

constexpr size_t kTokenCharactersMin = 16;
constexpr size_t kTokenCharactersMax = 1024;
constexpr std::string_view kScheme = "Bearer ";

bool is_token_character(char c) {
  return c > ' ' && c <= '~';
}

Result<Secret> read_token(const std::filesystem::path& path) {
  const Result<Secret> file = read_secret_file(path);
  if (!file) return file.error();
  std::string token = file->reveal();
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  const bool has_length = token.size() >= kTokenCharactersMin && token.size() <= kTokenCharactersMax;
  if (!has_length || !std::ranges::all_of(token, is_token_character)) {
    return invalid(
        fmt::format("expected a token of {} to {} visible ASCII characters in one line: openssl rand -hex 32",
                    kTokenCharactersMin, kTokenCharactersMax),
        path.string());
  }
  return Secret(std::move(token));
}

Result<std::shared_ptr<ssl::context>> load_tls(const AdminOptions& options) {
  const Result<Secret> key = read_secret_file(options.private_key);
  if (!key) return key.error();
  auto tls = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  tls->set_options(ssl::context::default_workarounds | ssl::context::no_compression | SSL_OP_NO_RENEGOTIATION |
                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Without this OpenSSL asks the terminal for the passphrase of an encrypted key.
  tls->set_password_callback([](size_t, ssl::context::password_purpose) { return std::string(); });
  boost::system::error_code fault;
  tls->use_certificate_chain_file(options.certificate.string(), fault);
  if (fault) {
    return invalid(fmt::format("cannot use it as a PEM certificate chain: {}", fault.message()),
                   options.certificate.string());
  }
  tls->use_private_key(boost::asio::buffer(key->reveal()), ssl::context::pem, fault);
  if (fault) {
    return invalid(fmt::format("cannot use it as the PEM private key, without a passphrase, of {}: {}",
                               options.certificate.string(), fault.message()),
                   options.private_key.string());
  }
  return tls;
}

}  // namespace

bool AdminCredentials::allow(std::string_view authorization) const {
  if (token.empty()) return true;
  const bool has_scheme = authorization.starts_with(kScheme);
  return token.equals(authorization.substr(std::min(kScheme.size(), authorization.size()))) && has_scheme;
}

Result<AdminCredentials> load_admin_credentials(const AdminOptions& options) {
  AdminCredentials credentials;
  if (options.certificate.empty() != options.private_key.empty()) {
    return invalid("TLS needs both a certificate and its private key");
  }
  if (!options.certificate.empty()) {
    auto tls = load_tls(options);
    if (!tls) return tls.error();
    credentials.tls = std::move(*tls);
  }
  if (!options.bearer_token.empty()) {
    auto token = read_token(options.bearer_token);
    if (!token) return token.error();
    credentials.token = std::move(*token);
  }
  return credentials;
}

}  // namespace earshot
