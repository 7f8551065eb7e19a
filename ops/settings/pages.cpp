#include "engine/config/json_schema.h"
#include "engine/config/reference_page.h"
#include "ops/settings/settings.h"

namespace earshot {
namespace {

constexpr const char* kIntroduction = R"(# Configuration

`earshot run --config earshot.yaml` and `earshot check --config earshot.yaml` read one YAML file. The smallest that works:

```yaml
listeners: listeners/
source: {path: posts.ndjson}
```

Every other key has a default. An unknown key is an error, as is a key that appears twice; all errors are shown, each with
file, line and column.

- **Paths** start at the folder of the configuration file.
- **Environment variables** fill values: `${NAME}`, or `${NAME:-default}` for when it is unset or empty; `$$` is a dollar
  sign. They never change the structure: what a variable holds stays one value, whatever characters are in it. Inside
  `{…}` and `[…]` YAML wants quotes around them.
- **Durations** have a unit: `500ms`, `10s`, `15m`, `1h`, `7d`, `2w`. **Sizes** too (`64KiB` is 65,536 bytes, `64kB` is
  64,000), or are a number of bytes.
- Text that looks like a number or like `true` needs quotes. Anchors, aliases and tags are not supported.
- An editor with YAML support checks the file as you type with
  `# yaml-language-server: $schema=schemas/config.schema.json` in the first line.

This page and the schema are generated from `ops/settings`; a test keeps them up to date.
)";

}  // namespace

std::string settings_json_schema() {
  Settings settings;
  return write_json_schema(declare_settings(settings), {"urn:earshot:schema:config", "earshot configuration"});
}

std::string settings_reference_page() {
  Settings settings;
  return write_reference_page(declare_settings(settings), kIntroduction);
}

}  // namespace earshot
