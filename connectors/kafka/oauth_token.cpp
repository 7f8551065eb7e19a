#include "connectors/kafka/oauth_token.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace earshot::kafka {

namespace {

constexpr size_t kTokenBytesMax = 64 * 1024;
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";  // RFC 4648, 5

std::optional<std::string> decode_base64url(std::string_view text) {
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t value = kAlphabet.find(c);
    if (value == kAlphabet.npos) return std::nullopt;
    bits = (bits << 6 | static_cast<uint32_t>(value)) & 0xFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return bytes;
}

}  // namespace

Result<OAuthToken> read_oauth_token(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, "cannot read the token", path.string()};
  std::string text(kTokenBytesMax, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  const Error no_token = invalid("expected a JSON Web Token with the claims sub and exp", path.string());
  const size_t first = text.find('.');
  const size_t second = first == text.npos ? text.npos : text.find('.', first + 1);
  if (second == text.npos) return no_token;
  const auto payload = decode_base64url(std::string_view(text).substr(first + 1, second - first - 1));
  if (!payload) return no_token;
  const auto claims = nlohmann::json::parse(*payload, nullptr, false);
  if (!claims.is_object()) return no_token;
  const auto subject = claims.find("sub");
  const auto expiry = claims.find("exp");
  const bool has_both =
      subject != claims.end() && subject->is_string() && expiry != claims.end() && expiry->is_number();
  constexpr double seconds_max = 253'402'300'799;  // the year 9999
  if (!has_both || !(expiry->get<double>() >= 0 && expiry->get<double>() <= seconds_max)) return no_token;
  return OAuthToken{std::move(text), subject->get<std::string>(), static_cast<int64_t>(expiry->get<double>() * 1000)};
}

}  // namespace earshot::kafka
