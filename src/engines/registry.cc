// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "engines/defended_profile.h"
#include "engines/profiles.h"

namespace peekproof::engines {

const std::vector<ProfileEntry>& ProfileEntries() {
  static const std::vector<ProfileEntry> entries = {
      MeetEntry(),      MediapipeEntry(), MediapipeArtifactEntry(),
      JitsiEntry(),     Jitsi2Entry(),    BbbEntry(),
      ZoomEntry(),      TeamsEntry(),     TwilioEntry(),
      LivekitEntry(),   ChimeEntry(),     ShiguredoEntry(),
      BackscrubEntry(), ObsEntry(),       ObsLiteEntry(),
      LfbwEntry(),      CamaleonEntry(),  GuardEntry()};
  return entries;
}

const std::vector<EngineInfo>& ListEngines() {
  static const std::vector<EngineInfo> infos = [] {
    std::vector<EngineInfo> list;
    for (const ProfileEntry& entry : ProfileEntries()) list.push_back(entry.info);
    return list;
  }();
  return infos;
}

namespace {

/// The entry that a spec names.
Result<const ProfileEntry*> EntryOf(const Spec& spec) {
  std::vector<std::string> names;
  for (const ProfileEntry& entry : ProfileEntries()) {
    if (entry.info.name == spec.name) return &entry;
    names.push_back(entry.info.name);
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("there is no engine '{}'; known engines are {}", spec.name, JoinNames(names))};
}

}  // namespace

Result<std::unique_ptr<Profile>> MakeProfile(const std::string& spec, const SegmenterMaker& make_segmenter) {
  PEEKPROOF_ASSIGN_OR_RETURN(Spec parsed, ParseSpec(spec));
  PEEKPROOF_ASSIGN_OR_RETURN(const ProfileEntry* entry, EntryOf(parsed));
  if (entry->make_engine) return entry->make(parsed, make_segmenter);  // It has defenses of its own.
  PEEKPROOF_ASSIGN_OR_RETURN(const DefenseOptions defenses, TakeDefenses(&parsed));
  PEEKPROOF_ASSIGN_OR_RETURN(auto profile, entry->make(parsed, make_segmenter));
  return Defend(std::move(profile), defenses);
}

Result<std::unique_ptr<Engine>> MakeEngine(const std::string& spec, const SegmenterMaker& make_segmenter) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Spec parsed, ParseSpec(spec));
  PEEKPROOF_ASSIGN_OR_RETURN(const ProfileEntry* entry, EntryOf(parsed));
  if (entry->make_engine) return entry->make_engine(parsed, make_segmenter);
  PEEKPROOF_ASSIGN_OR_RETURN(auto profile, MakeProfile(spec, make_segmenter));
  return EngineOf(std::move(profile));
}

}  // namespace peekproof::engines
