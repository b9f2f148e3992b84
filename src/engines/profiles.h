// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engines/profile.h"

namespace peekproof::engines {

/// One function per engine, in a file of the same name.
ProfileEntry GuardEntry();
ProfileEntry MeetEntry();
ProfileEntry MediapipeEntry();
ProfileEntry MediapipeArtifactEntry();
ProfileEntry JitsiEntry();
ProfileEntry BbbEntry();
ProfileEntry Jitsi2Entry();
ProfileEntry ZoomEntry();
ProfileEntry TeamsEntry();
ProfileEntry TwilioEntry();
ProfileEntry LivekitEntry();
ProfileEntry ChimeEntry();
ProfileEntry ShiguredoEntry();
ProfileEntry BackscrubEntry();
ProfileEntry ObsEntry();
ProfileEntry ObsLiteEntry();
ProfileEntry LfbwEntry();
ProfileEntry CamaleonEntry();

}  // namespace peekproof::engines
