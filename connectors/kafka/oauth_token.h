// OAuthToken: a JSON Web Token (RFC 7519) that something else on this machine, such as Kubernetes or a sidecar, keeps
// fresh in a file. The signature is the broker's to check.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "engine/base/result.h"
#include "engine/base/secret.h"

namespace earshot::kafka {

struct OAuthToken {
  Secret token;
  std::string subject;     // claim sub: the principal
  int64_t expires_ms = 0;  // claim exp, since the epoch
};

// Errors: kNotFound, or kInvalid when the file holds no token with sub and exp; both name the file and show none of it.
[[nodiscard]] Result<OAuthToken> read_oauth_token(const std::filesystem::path& path);

}  // namespace earshot::kafka
