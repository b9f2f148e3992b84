// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engines/profile.h"

namespace peekproof::engines {

/// One function per service profile, in a file of the same name.
ProfileEntry MeetEntry();
ProfileEntry MediapipeEntry();
ProfileEntry MediapipeArtifactEntry();
ProfileEntry JitsiEntry();
ProfileEntry BbbEntry();
ProfileEntry ShiguredoEntry();
ProfileEntry TwilioEntry();
ProfileEntry LivekitEntry();
ProfileEntry ChimeEntry();
ProfileEntry ObsEntry();
ProfileEntry BackscrubEntry();
ProfileEntry CamaleonEntry();

}  // namespace peekproof::engines
