// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/caller_look_json.h"

namespace peekproof::testbed {
namespace {

const char* NameOf(HairStyle style) {
  constexpr const char* kNames[] = {"short", "long", "curly", "bun", "bald", "beanie"};
  return kNames[static_cast<int>(style)];
}

const char* NameOf(HeldObject held) {
  constexpr const char* kNames[] = {"nothing", "mug", "phone", "paper"};
  return kNames[static_cast<int>(held)];
}

}  // namespace

nlohmann::ordered_json LookJson(const CallerLook& look) {
  return {{"skin", look.skin},       {"hair", look.hair},
          {"cloth", look.cloth},     {"glasses", look.glasses},
          {"beard", look.beard},     {"hair_style", NameOf(look.hair_style)},
          {"strands", look.strands}, {"held", {NameOf(look.held[0]), NameOf(look.held[1])}}};
}

}  // namespace peekproof::testbed
