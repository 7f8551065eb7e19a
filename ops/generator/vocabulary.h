// Vocabularies: what the people of the generated day say, one text per language, written for earshot; Grammar reads it.
//
// Every language has the same top lists. Per kind of post: praise, complaint, question, purchase, remark (about a
// brand), chat (about none), news, and the events launch, outage, breach and recovery, each with its news_ list. Per
// line of business what it sells: things_payments, things_phones, things_coffee, things_airline, things_scooters,
// things_groceries, things_mobile, things_streaming. And aside: what may follow any of them.
#pragma once

#include <string_view>

namespace earshot::generator {

std::string_view english_vocabulary();
std::string_view german_vocabulary();
std::string_view spanish_vocabulary();
std::string_view french_vocabulary();
std::string_view portuguese_vocabulary();
std::string_view japanese_vocabulary();

}  // namespace earshot::generator
