// Shape of a text: a hash that texts which differ in a few words mostly share.
#pragma once

#include <cstdint>
#include <string_view>

namespace earshot {

// The least hash over all runs of three words (MinHash: Broder, On the resemblance and containment of documents, 1997):
// two texts share it with a probability equal to the share of runs that they have in common. Words with a digit are
// passed over, for that is what a template fills in. A text of fewer than four other words only shares it with its
// copies. `normalised`: as NormalisedText::text() has it.
uint64_t text_shape(std::string_view normalised);

}  // namespace earshot
