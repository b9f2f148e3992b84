// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "background_options.h"

#include "command.h"

namespace peekproof::cli {

void AddBackgroundOptions(CLI::App* app, apply::BackgroundOptions* options) {
  app->add_option(
         "--background", options->background,
         "Picture or video file, a colour such as #00ff00, blur (the engine's own), or a blur such as "
         "\"gaussian(sigma=12)\" (peekproof list blurs)")
      ->capture_default_str()
      ->type_name("WHAT");
  AddParsed(app, "--fit", engines::ParseFit, &options->fit,
            "How a picture fills the frame: cover, contain or stretch. Default: as the service does")
      ->type_name("FIT");
  app->add_option("--background-noise", options->noise,
                  "Noise on the background, new in every frame, by up to so many of 255 steps: a defense "
                  "against votes for rare colours")
      ->capture_default_str()
      ->type_name("N");
  app->add_option("--keep", options->keep_mask, "Picture whose bright places stay sharp in a blur")
      ->type_name("PICTURE");
  app->add_option("--depth", options->depth, "16-bit grey video or numbered pictures for a depth blur")
      ->type_name("VIDEO");
}

}  // namespace peekproof::cli
