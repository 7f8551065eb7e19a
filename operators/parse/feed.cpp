// RSS and Atom. Feeds in the wild are seldom correct, so what can be read is read: unknown entities stay as they are,
// prefixes of namespaces are taken by their usual names, and a time may have any form.
#include <fmt/format.h>

#include <initializer_list>
#include <pugixml.hpp>
#include <string>

#include "operators/parse/formats.h"
#include "operators/parse/html_text.h"
#include "operators/parse/time_forms.h"
#include "operators/parse/web_address.h"
#include "operators/parse/xml_encoding.h"

namespace earshot::parse {
namespace {

using pugi::xml_node;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t\r\n\f";
  text.remove_prefix(std::min(text.find_first_not_of(kWhiteSpace), text.size()));
  return text.substr(0, text.find_last_not_of(kWhiteSpace) + 1);
}

// The name without the prefix of its namespace.
std::string_view local_name(xml_node node) {
  const std::string_view name = node.name();
  return name.substr(name.rfind(':') + 1);
}

// All characters of an element, also when they come in several CDATA sections.
std::string characters(xml_node node) {
  std::string text;
  for (const xml_node child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
  }
  return text;
}

// The trimmed characters of the first of these children that has some.
std::string first_text(xml_node node, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    for (const xml_node child : node.children(name)) {
      const std::string text = characters(child);
      if (const std::string_view shown = trimmed(text); !shown.empty()) return std::string(shown);
    }
  }
  return {};
}

std::optional<int64_t> first_time_ms(xml_node node, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    for (const xml_node child : node.children(name)) {
      if (const auto time_ms = parse_any_time_ms(characters(child))) return time_ms;
    }
  }
  return std::nullopt;
}

// Where a person reads the item: Feedburner hides the address in a member of its own, Atom has one link for each use.
std::string address_of(xml_node item) {
  if (std::string original = first_text(item, {"feedburner:origLink"}); !original.empty()) return original;
  for (const xml_node link : item.children()) {
    if (local_name(link) != "link") continue;
    const std::string_view relation = link.attribute("rel").value();
    const std::string_view target = link.attribute("href").value();
    if (!target.empty() && (relation.empty() || relation == "alternate")) return std::string(target);
    const std::string text = characters(link);
    if (const std::string_view shown = trimmed(text); !shown.empty() && target.empty()) return std::string(shown);
  }
  const xml_node guid = item.child("guid");
  const std::string id = first_text(item, {"guid", "id"});
  const bool may_be_address = std::string_view(guid.attribute("isPermaLink").value()) != "false";
  return may_be_address && id.starts_with("http") ? id : std::string();
}

bool is_item(xml_node node) {
  const std::string_view name = local_name(node);
  return name == "item" || name == "entry";
}

struct FeedHead {
  std::string title;
  std::string address;
  std::string language;
  std::optional<int64_t> updated_ms;
};

FeedHead head_of(xml_node feed) {
  FeedHead head;
  head.title = first_text(feed, {"title", "atom:title"});
  head.address = address_of(feed);
  head.language = first_text(feed, {"language", "dc:language"});
  if (head.language.empty()) head.language = feed.attribute("xml:lang").value();
  head.updated_ms = first_time_ms(feed, {"pubDate", "updated", "lastBuildDate", "dc:date"});
  return head;
}

class ItemReader {
 public:
  ItemReader(const FeedHead& head, HtmlScratch& scratch, PostWriter& out) : head_(head), scratch_(scratch), out_(out) {}

  Verdict read(xml_node item, const std::string& where) {
    post_ = {};
    post_.platform = "rss";
    const std::string address = address_of(item);
    if (!read_id(item, address)) return out_.refuse(where + "guid, id and link are all missing");
    read_text(item, address);
    if (post_.text.empty()) return out_.refuse(where + "title, description and content are all missing");
    if (!read_time(item)) return out_.refuse(where + "pubDate is missing or no time, and the feed has none either");
    read_author(item, address);
    read_media(item);
    std::string language = first_text(item, {"dc:language"});
    if (language.empty()) language = item.attribute("xml:lang").value();
    post_.lang = out_.keep(language.empty() ? head_.language : language);
    post_.has_geo = !first_text(item, {"georss:point", "geo:lat"}).empty();
    return out_.add(post_, where);
  }

 private:
  // What names an item only within its feed is made unique by the feed's address.
  bool read_id(xml_node item, const std::string& address) {
    const char* const about = item.attribute("rdf:about").value();
    std::string id = first_text(item, {"guid", "id", "atom:id"});
    if (id.empty()) id = address.empty() ? about : address;
    if (id.empty()) return false;
    const bool is_unique = id.find(':') != std::string::npos || head_.address.empty();
    post_.id = is_unique ? out_.keep(id) : out_.keep_joined({head_.address, "#", id});
    post_.url = out_.keep(address);
    return true;
  }

  // Titles are plain, or escaped HTML; the longest of what describes the item is its text.
  void read_text(xml_node item, const std::string& address) {
    scratch_.text.clear();
    scratch_.links.clear();
    const std::string title = title_of(item);
    scratch_.text = title;
    std::string body;
    for (const char* name : {"content:encoded", "content", "description", "summary", "media:description"}) {
      for (const xml_node child : item.children(name)) {
        const bool is_markup = std::string_view(child.attribute("type").value()) == "xhtml";
        std::string html = is_markup ? inner_xml(child) : characters(child);
        if (html.size() > body.size()) body = std::move(html);
      }
    }
    if (!title.empty() && !body.empty()) scratch_.text += "\n\n";
    append_html_text(body, scratch_.text, scratch_.links);
    post_.text = out_.keep(trimmed(scratch_.text));
    if (!address.empty()) out_.add_item(post_.url);
    for (const std::string& link : scratch_.links) out_.add_item(out_.keep(link));
    post_.urls = out_.take_items();
    if (!address.empty()) out_.add_item(out_.keep(title));
    post_.url_titles = out_.take_items();
  }

  std::string title_of(xml_node item) {
    std::string title;
    append_html_text(first_text(item, {"title", "atom:title", "media:title"}), title, scratch_.links);
    scratch_.links.clear();
    return title;
  }

  static std::string inner_xml(xml_node node) {
    struct Writer : pugi::xml_writer {
      std::string text;
      void write(const void* data, size_t size) override { text.append(static_cast<const char*>(data), size); }
    } writer;
    for (const xml_node child : node.children()) child.print(writer, "", pugi::format_raw, pugi::encoding_utf8);
    return writer.text;
  }

  bool read_time(xml_node item) {
    const auto made_ms = first_time_ms(item, {"pubDate", "published", "issued", "dc:date", "created"});
    const auto updated_ms = first_time_ms(item, {"updated", "atom:updated", "modified"});
    auto time_ms = made_ms ? made_ms : updated_ms;
    if (!time_ms) time_ms = head_.updated_ms;
    if (!time_ms) time_ms = out_.record_time_ms();
    if (!time_ms) return false;
    post_.created_at_ms = *time_ms;
    if (made_ms && updated_ms && *updated_ms > *made_ms) {
      post_.change = PostChange::kEdited;
      post_.edited_at_ms = *updated_ms;
    }
    return true;
  }

  // Who speaks is the outlet; the name is that of the person when the item tells it.
  void read_author(xml_node item, const std::string& address) {
    std::string name = first_text(item, {"dc:creator"});
    if (name.empty()) name = first_text(item.child("author"), {"name", "atom:name"});
    if (name.empty()) name = first_text(item, {"author", "itunes:author"});
    post_.author_name = out_.keep(name.empty() ? head_.title : name);
    const std::string_view host = host_of(address.empty() ? head_.address : address);
    post_.author_id = post_.author_handle = out_.keep(host);
  }

  void read_media(xml_node item) {
    for (const xml_node child : item.children()) {
      const std::string_view name = local_name(child);
      const std::string_view relation = child.attribute("rel").value();
      const bool is_medium =
          name == "enclosure" || std::string_view(child.name()) == "media:content" || relation == "enclosure";
      const std::string_view type = is_medium ? child.attribute("type").value() : "";
      const std::string_view medium = is_medium ? child.attribute("medium").value() : "";
      post_.media.has_images |= type.starts_with("image") || medium == "image" || name == "thumbnail";
      post_.media.has_video |= type.starts_with("video") || medium == "video";
    }
  }

  const FeedHead& head_;
  HtmlScratch& scratch_;
  PostWriter& out_;
  Post post_;
};

// RSS 1.0 has the items beside the channel, the others have them in it.
Verdict read_items(xml_node root, xml_node feed, HtmlScratch& scratch, PostWriter& out) {
  const FeedHead head = head_of(feed);
  ItemReader reader(head, scratch, out);
  size_t index = 0;
  for (const xml_node parent : {root, feed == root ? xml_node() : feed}) {
    for (const xml_node item : parent.children()) {
      if (!is_item(item)) continue;
      const std::string where = fmt::format("{}[{}].", local_name(item), index++);
      if (reader.read(item, where) == Verdict::kRefused) return Verdict::kRefused;
    }
  }
  return index == 0 ? Verdict::kNotAPost : Verdict::kPosts;
}

}  // namespace

Verdict read_feed(std::string_view xml, HtmlScratch& scratch, PostWriter& out) {
  std::string converted;
  std::string fault;
  const std::string_view utf8 = xml_as_utf8(xml, converted, fault);
  if (!fault.empty()) return out.refuse(fault);
  pugi::xml_document document;
  const auto parsed = document.load_buffer(utf8.data(), utf8.size(), pugi::parse_default | pugi::parse_ws_pcdata_single,
                                           pugi::encoding_utf8);
  if (!parsed) {
    return out.refuse(fmt::format("invalid XML at byte {}: {}", parsed.offset, parsed.description()));
  }
  const xml_node root = document.document_element();
  if (is_item(root)) return ItemReader({}, scratch, out).read(root, "");
  const std::string_view name = local_name(root);
  if (name != "rss" && name != "feed" && name != "RDF") {
    return out.refuse(fmt::format("<{}> is no feed; expected rss, feed, RDF, item or entry", quoted(root.name())));
  }
  const xml_node channel = root.child("channel");
  return read_items(root, channel ? channel : root, scratch, out);
}

}  // namespace earshot::parse
