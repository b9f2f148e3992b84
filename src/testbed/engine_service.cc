// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <utility>

#include "apply/open_background.h"
#include "engines/noisy_background.h"
#include "engines/profile.h"
#include "testbed/browser_engine.h"
#include "testbed/oracle_segmenter.h"
#include "testbed/scene_background.h"
#include "testbed/service.h"
#include "testbed/wallpaper.h"

namespace peekproof::testbed {
namespace {

/// A background that belongs to somebody else.
class Borrowed : public engines::Background {
 public:
  explicit Borrowed(engines::Background* inner) : inner_(*inner) {}
  Result<const cv::Mat3b*> Draw(const engines::BackgroundView& view) override { return inner_.Draw(view); }
  bool shows_room() const override { return inner_.shows_room(); }

 private:
  engines::Background& inner_;
};

class EngineService : public Service {
 public:
  EngineService(std::unique_ptr<engines::Engine> engine, std::unique_ptr<SceneBackground> background,
                std::shared_ptr<OracleFeed> feed, const SceneOptions& options)
      : engine_(std::move(engine)), background_(std::move(background)), feed_(std::move(feed)) {
    if (options.wallpaper_noise == 0) return;
    noisy_ = engines::MakeNoisyBackground(std::make_unique<Borrowed>(background_.get()),
                                          options.wallpaper_noise, options.seed);
  }

  Result<void> Process(const image::Frame& camera, const image::AlphaMask& caller,
                       engines::Composite* shown) override {
    if (feed_) feed_->Show(caller, camera.index);
    engines::Background* behind = noisy_ ? noisy_.get() : background_.get();
    PEEKPROOF_RETURN_IF_ERROR(engine_->Process(camera, behind, shown));
    // What the service shows where its network fails is wanted only where the options ask for it.
    if (shown->failure.empty() || shown->failure == engines::kMadeFailure) return {};
    return Error{ErrorCode::kInternal, shown->failure};
  }
  Result<void> LearnRoom(const image::Frame& camera) override {
    if (feed_) feed_->Show({cv::Mat1f(camera.bgr.size(), 0.0F)}, camera.index);
    return engine_->LearnRoom(camera);
  }
  void Reset() override { engine_->Reset(); }
  const cv::Mat3b& wallpaper() const override { return background_->drawn(); }
  bool wallpaper_moves() const override { return background_->moves(); }
  std::string DescribeAsJson() const override { return "{}"; }

 private:
  std::unique_ptr<engines::Engine> engine_;
  std::unique_ptr<SceneBackground> background_;
  std::unique_ptr<engines::Background> noisy_;  ///< The same with noise; null where none is wanted.
  std::shared_ptr<OracleFeed> feed_;            ///< Null without an oracle.
};

/// What a browser ships. It sees the background as a picture that stands still.
class BrowserService : public Service {
 public:
  BrowserService(std::unique_ptr<BrowserEngine> engine, std::unique_ptr<SceneBackground> background)
      : engine_(std::move(engine)), background_(std::move(background)) {}

  Result<void> Process(const image::Frame& camera, const image::AlphaMask& /*caller*/,
                       engines::Composite* shown) override {
    return engine_->Process(camera, background_.get(), shown);
  }
  void Reset() override { engine_->Reset(); }
  const cv::Mat3b& wallpaper() const override { return background_->drawn(); }
  bool wallpaper_moves() const override { return false; }
  std::string DescribeAsJson() const override {
    return nlohmann::ordered_json{{"browser", nlohmann::ordered_json::parse(engine_->about_json())},
                                  {"channel_spread", engine_->channel_spread()}}
        .dump();
  }

 private:
  std::unique_ptr<BrowserEngine> engine_;
  std::unique_ptr<SceneBackground> background_;
};

Result<std::unique_ptr<Service>> MakeBrowserService(const SceneOptions& options,
                                                    const std::stop_token& stop) {
  engines::EngineInfo info;
  info.name = options.engine;
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string name, BrowserEngineName(options.engine));
  // Twilio stretches the wallpaper to the frame, the others crop it to cover.
  info.fit = name == "twilio" ? engines::Fit::kStretch : engines::Fit::kCover;
  PEEKPROOF_ASSIGN_OR_RETURN(auto background, SceneBackground::Open(options.wallpaper, info, options.seed,
                                                                    options.size, options.frame_rate));
  if (background->moves())
    return Error{ErrorCode::kInvalidArgument,
                 "a browser's engine takes a still picture as wallpaper; give a picture or a colour"};
  PEEKPROOF_ASSIGN_OR_RETURN(auto engine, BrowserEngine::Create(options.engine, options.size, {}, stop));
  return std::unique_ptr<Service>(new BrowserService(std::move(engine), std::move(background)));
}

}  // namespace

Result<std::unique_ptr<Service>> MakeService(const SceneOptions& options, const std::stop_token& stop) {
  if (IsBrowserSpec(options.engine)) return MakeBrowserService(options, stop);
  apply::BackgroundOptions behind;
  // Only whether it is a blur matters here, and a drawn wallpaper is none.
  behind.background = WallpaperKindOf(options.wallpaper) ? "#000000" : options.wallpaper;
  PEEKPROOF_ASSIGN_OR_RETURN(const engines::EngineInfo info, apply::EngineInfoOf(options.engine));
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string spec, apply::EngineSpecFor(options.engine, "", behind));
  PEEKPROOF_ASSIGN_OR_RETURN(auto background, SceneBackground::Open(options.wallpaper, info, options.seed,
                                                                    options.size, options.frame_rate));
  std::shared_ptr<OracleFeed> feed;
  std::unique_ptr<engines::Engine> engine;
  if (options.use_oracle) {
    feed = std::make_shared<OracleFeed>();
    const auto make_oracle = [&](const std::string&) -> Result<std::unique_ptr<models::Segmenter>> {
      return std::unique_ptr<models::Segmenter>(new OracleSegmenter(options.oracle, options.seed, feed));
    };
    PEEKPROOF_ASSIGN_OR_RETURN(engine, engines::MakeEngine(spec, make_oracle));
  } else {
    PEEKPROOF_ASSIGN_OR_RETURN(engine, engines::MakeEngine(spec));
  }
  return std::unique_ptr<Service>(
      new EngineService(std::move(engine), std::move(background), std::move(feed), options));
}

}  // namespace peekproof::testbed
