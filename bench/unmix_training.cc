// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Fits what `unmix` believes on calls with truth, and writes it as C++:
//   peekproof scene --matrix bench/sets/training.toml --files FOOTAGE -o TRAINING
//   peekproof scene --matrix bench/sets/training_meet.toml --files FOOTAGE -o MEET
//   peekproof scene --matrix bench/sets/training_meet_drawn.toml --files FOOTAGE -o MEET_DRAWN
//   peekproof scene --matrix bench/sets/drawn.toml -o DRAWN
//   unmix_training TRAINING MEET MEET_DRAWN DRAWN --out src/attacks/unmix_weights.h
// First the beliefs about single observations, then, with these, the confidence of estimates, which is
// calibrated on persons that a network had not seen. The same calls and seed give the same weights on any
// number of threads.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>
#include <vector>

#include "attacks/evidence_maker.h"
#include "attacks/unmix.h"
#include "attacks/wallpaper_difference.h"
#include "audit/survey.h"
#include "audit/wallpaper_model.h"
#include "base/ordered_pipeline.h"
#include "base/parallel.h"
#include "image/ciede2000.h"
#include "media/video_reader.h"
#include "models/segmenter.h"
#include "small_net_training.h"
#include "testbed/scene_truth.h"
#include "testbed/truth_videos.h"

namespace peekproof::bench {
namespace {

namespace fs = std::filesystem;
using attacks::AlphaKind;
using attacks::UnmixNets;

struct Options {
  std::vector<std::string> sets;
  std::string out;
  uint64_t seed = 1;
  int steps = 60'000;
  double observations = 0.01;  ///< Share of the candidates that become samples.
};

using ObservationSamples = Samples<attacks::kObservationInputs>;
using EstimateSamples = Samples<attacks::kEstimateInputs>;

/// One call of the set, opened for one pass.
class Call {
 public:
  static Result<std::unique_ptr<Call>> Open(const std::string& folder) {
    auto call = std::make_unique<Call>();
    PEEKPROOF_ASSIGN_OR_RETURN(call->truth_, testbed::ReadSceneTruth(folder));
    audit::AuditOptions options;
    options.input = call->truth_.video;
    PEEKPROOF_ASSIGN_OR_RETURN(const audit::Survey survey, audit::SurveyRecording(options, nullptr, {}));
    PEEKPROOF_ASSIGN_OR_RETURN(const audit::WallpaperModel model,
                               audit::WallpaperOf(options, survey.scenes.front(), nullptr));
    call->wallpaper_ = attacks::Wallpaper::Of(model.bgr, model.known, model.support);
    std::string engine = call->truth_.engine;
    if (engine.starts_with("browser:")) engine = engine.substr(8);
    PEEKPROOF_ASSIGN_OR_RETURN(auto matter, engines::MakeMatter(engine));
    PEEKPROOF_ASSIGN_OR_RETURN(auto caller, models::MakeSegmenter(options.caller_model));
    call->maker_ = std::make_unique<attacks::EvidenceMaker>(std::move(matter), std::move(caller));
    PEEKPROOF_ASSIGN_OR_RETURN(call->video_, media::VideoReader::Open(call->truth_.video, {}));
    PEEKPROOF_ASSIGN_OR_RETURN(call->mattes_, testbed::TruthVideoReader::Open(folder));
    return call;
  }

  /// The next frame's evidence and truth; false at the end.
  Result<bool> Next(attacks::FrameEvidence* evidence, testbed::TruthFrame* truth) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, video_->Advance());
    if (!more) return false;
    image::Frame frame;
    frame.time_s = static_cast<double>(index_++) / truth_.frame_rate;
    PEEKPROOF_RETURN_IF_ERROR(video_->Convert(&frame.bgr));
    PEEKPROOF_RETURN_IF_ERROR(maker_->Make(frame, evidence));
    return mattes_->Next(truth);
  }

  const testbed::SceneTruth& truth() const { return truth_; }
  const std::shared_ptr<const attacks::Wallpaper>& wallpaper() const { return wallpaper_; }
  engines::BlendModel blend() const { return maker_->blend_model(); }
  AlphaKind kind() const {
    return blend().smooth_coverage || blend().cut_mask ? AlphaKind::kCoverage : AlphaKind::kLinear;
  }

 private:
  testbed::SceneTruth truth_;
  std::shared_ptr<const attacks::Wallpaper> wallpaper_;
  std::unique_ptr<attacks::EvidenceMaker> maker_;
  std::unique_ptr<media::VideoReader> video_;
  std::unique_ptr<testbed::TruthVideoReader> mattes_;
  int64_t index_ = 0;
};

/// An observation is the room's where it leaks by at least 2 %; those of the caller and of noise are not.
void AddObservation(const attacks::ObservationCues& cues, float leak, ObservationSamples* samples) {
  constexpr float kLeast = 0.02F;
  samples->inputs.push_back(attacks::ObservationInputs(cues));
  samples->labels.push_back(leak >= kLeast ? 1.0F : 0.0F);
  samples->values.push_back(leak >= kLeast ? std::log(leak) : std::numeric_limits<float>::quiet_NaN());
}

/// What one call gives.
struct CallSamples {
  AlphaKind kind = AlphaKind::kLinear;
  int person = 0;
  int room = 0;
  ObservationSamples observations;
  EstimateSamples estimates;
};

/// A number of a text, the same everywhere (FNV-1a).
uint64_t NumberOf(const std::string& text) {
  uint64_t number = 0xcbf29ce484222325;
  for (const char letter : text) number = (number ^ static_cast<uint8_t>(letter)) * 0x100000001b3;
  return number;
}

/// A number of what the options named stand for in a call: the person, or the room.
int GroupOf(const testbed::SceneTruth& truth, std::initializer_list<const char*> names) {
  std::string text;
  for (const auto& [name, value] : truth.options)
    if (std::find(names.begin(), names.end(), name) != names.end()) text.append(value).append(" ");
  return static_cast<int>(NumberOf(text) >> 40);
}

Result<void> CollectObservations(const std::string& folder, const Options& options, CallSamples* samples) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto call, Call::Open(folder));
  samples->kind = call->kind();
  samples->person = GroupOf(call->truth(), {"person", "look"});
  samples->room = GroupOf(call->truth(), {"room"});
  const uint64_t seed = options.seed ^ NumberOf(fs::path(folder).filename().string());
  const attacks::ObserverOptions limits;
  attacks::UnmixObserver observer(call->wallpaper(), call->blend(), limits);
  attacks::PixelHistory history(call->wallpaper()->bgr.size(), static_cast<float>(limits.min_difference));
  attacks::FrameEvidence evidence;
  cv::Mat1b difference;
  testbed::TruthFrame truth;
  attacks::ObservationBlock block;
  std::vector<int> columns(static_cast<size_t>(call->wallpaper()->bgr.cols) + 1);
  for (uint64_t index = 0;; ++index) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, call->Next(&evidence, &truth));
    if (!more) return {};
    attacks::DifferenceToWallpaper(evidence.frame.bgr, call->wallpaper()->bgr, &difference);
    history.Add(evidence, difference);
    observer.Begin(evidence, difference, history.limit());
    for (int y = 0; y < evidence.frame.bgr.rows; ++y) {
      RowRandom random(seed, index, static_cast<uint64_t>(y));
      const int count = observer.Candidates(y, columns.data());
      for (int i = 0; i < count; ++i) {
        if (random.Uniform() >= options.observations) continue;
        const int x = columns[static_cast<size_t>(i)];
        observer.Fill(y, &x, 1, &block);
        AddObservation(attacks::CuesOf(block, 0), truth.leak_alpha.values(y, x), &samples->observations);
      }
    }
  }
}

Result<void> CollectEstimates(const std::string& folder, const UnmixNets& nets, EstimateSamples* samples) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto call, Call::Open(folder));
  attacks::UnmixOptions options;
  options.nets = std::make_shared<const UnmixNets>(nets);
  options.min_confidence = 0;
  options.min_contrast = 0;
  attacks::Unmix unmix(call->wallpaper(), call->blend(), options);
  attacks::FrameEvidence evidence;
  testbed::TruthFrame truth;
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, call->Next(&evidence, &truth));
    if (!more) break;
    unmix.Add(evidence);
  }
  std::vector<attacks::EstimateCues> cues;
  const image::Reconstruction room = unmix.Finish(&cues);
  const cv::Mat1f difference = image::Ciede2000Map(room.bgr, call->truth().room);
  for (int y = 0; y < room.bgr.rows; ++y) {
    for (int x = 0; x < room.bgr.cols; ++x) {
      if (room.evidence(y, x) == 0 || (x + 3 * y) % 4 != 0) continue;
      const bool right = call->truth().leak_alpha(y, x) > 0 && difference(y, x) < 10;
      samples->inputs.push_back(attacks::EstimateInputs(cues[static_cast<size_t>(y * room.bgr.cols + x)]));
      samples->labels.push_back(right ? 1.0F : 0.0F);
      samples->values.push_back(std::numeric_limits<float>::quiet_NaN());
    }
  }
  return {};
}

/// Mean cross entropy in bits and share of positive labels.
template <typename Net>
void Describe(const char* name, const Net& net, const Samples<Net::kInputCount>& samples) {
  double bits = 0;
  double positive = 0;
  double error = 0;
  double valued = 0;
  for (size_t i = 0; i < samples.size(); ++i) {
    float outputs[Net::kOutputCount];
    net.Run(samples.inputs[i].data(), outputs);
    const double odds = samples.labels[i] > 0.5F ? outputs[0] : -outputs[0];
    bits += std::log1p(std::exp(-odds)) / std::log(2.0);
    positive += static_cast<double>(samples.labels[i]);
    if (std::isnan(samples.values[i])) continue;
    error += std::abs(static_cast<double>(outputs[Net::kOutputCount - 1] - samples.values[i]));
    valued += 1;
  }
  const double n = std::max<double>(1, static_cast<double>(samples.size()));
  fmt::print("{}: {} samples, {:.3f} positive, {:.3f} bits a sample", name, samples.size(), positive / n,
             bits / n);
  if (valued > 0) fmt::print(", mean error of log alpha {:.3f}", error / valued);
  fmt::print("\n");
}

std::string Row(const float* values, int count) {
  std::string text = "{";
  for (int i = 0; i < count; ++i) text.append(fmt::format("{}{:#.4g}F", i > 0 ? ", " : "", values[i]));
  return text.append("}");
}

template <typename Net>
std::string NetText(const Net& net) {
  std::string text = "{{";
  for (const auto& row : net.hidden) text.append(Row(row, Net::kInputCount)).append(",\n");
  text.append("},\n").append(Row(net.hidden_bias, Net::kHiddenCount)).append(",\n{");
  for (const auto& row : net.output) text.append(Row(row, Net::kHiddenCount)).append(",\n");
  return text.append("},\n").append(Row(net.output_bias, Net::kOutputCount)).append("}");
}

Result<void> WriteWeights(const std::string& path, const std::map<AlphaKind, UnmixNets>& nets) {
  std::ofstream file(path);
  file << "// SPDX-FileCopyrightText: The Peekproof Authors\n// SPDX-License-Identifier: Apache-2.0\n"
          "//\n// Written by bench/unmix_training.cc; docs/developing/unmix-training.md tells on what.\n"
          "#pragma once\n\n#include \"attacks/unmix_model.h\"\n\nnamespace peekproof::attacks {\n\n";
  for (const auto& [kind, net] : nets) {
    file << fmt::format("inline constexpr UnmixNets {} = {{{}, {}}};\n\n",
                        kind == AlphaKind::kLinear ? "kLinearNets" : "kCoverageNets",
                        NetText(net.observation), NetText(net.estimate));
  }
  file << "}  // namespace peekproof::attacks\n";
  file.close();
  if (!file) return Error{ErrorCode::kIo, fmt::format("cannot write {}", path)};
  return {};
}

/// Collects from all calls, several at once, and takes what each gave in their order.
Result<void> ForAllCalls(size_t calls, const char* what,
                         const std::function<Result<void>(size_t, CallSamples*)>& collect,
                         const std::function<void(size_t, const CallSamples&)>& take) {
  struct Slot {
    size_t call = 0;
    CallSamples samples;
    Result<void> status;
  };
  std::vector<Slot> slots(static_cast<size_t>(HardwareThreads()));
  size_t next = 0;
  Result<void> status;
  RunOrdered(HardwareThreads(),
             {.read = [&](int slot) { return (slots[static_cast<size_t>(slot)].call = next++) < calls; },
              .work =
                  [&](int slot) {
                    Slot& own = slots[static_cast<size_t>(slot)];
                    own.samples = {};
                    own.status = collect(own.call, &own.samples);
                  },
              .finish =
                  [&](int slot) {
                    Slot& own = slots[static_cast<size_t>(slot)];
                    if (status.ok() && !own.status.ok()) status = own.status;
                    if (own.status.ok()) take(own.call, own.samples);
                    fmt::print(stderr, "{}: {} of {}\n", what, own.call + 1, calls);
                  }});
  return status;
}

std::vector<std::string> CallsIn(const std::vector<std::string>& sets) {
  std::vector<std::string> calls;
  for (const std::string& set : sets) {
    std::vector<std::string> folders;
    for (const auto& entry : fs::directory_iterator(set))
      if (entry.is_directory()) folders.push_back(entry.path().string());
    std::sort(folders.begin(), folders.end());
    calls.insert(calls.end(), folders.begin(), folders.end());
  }
  return calls;
}

/// What a set's calls are, in their order.
struct CallInfo {
  AlphaKind kind = AlphaKind::kLinear;
  int person = 0;
  int room = 0;
};

/// Networks of a kind of engine: kFolds that have not seen a third of the persons each, and one of all.
struct ObservationNets {
  std::array<attacks::ObservationNet, kFolds> unseen;
  attacks::ObservationNet all;
};

ObservationNets FitObservations(const ObservationSamples& samples, const TrainingOptions& training) {
  ObservationNets nets;
  FitSideBySide(kFolds + 1, [&](int fold) {
    if (fold == kFolds)
      nets.all = Trainer<attacks::ObservationNet>(samples, training).Fit();
    else
      nets.unseen[static_cast<size_t>(fold)] =
          Trainer<attacks::ObservationNet>(WithoutFold(samples, fold), training).Fit();
  });
  return nets;
}

using SamplesOfKind = std::map<AlphaKind, CallSamples>;

Result<void> CollectAllObservations(const std::vector<std::string>& calls, const Options& options,
                                    std::vector<CallInfo>* infos, SamplesOfKind* all) {
  return ForAllCalls(
      calls.size(), "observations",
      [&](size_t i, CallSamples* own) { return CollectObservations(calls[i], options, own); },
      [&](size_t i, const CallSamples& own) {
        (*infos)[i] = {own.kind, own.person, own.room};
        ObservationSamples& observations = (*all)[own.kind].observations;
        Append(own.observations, &observations);
        observations.groups.resize(observations.size(), own.person);
      });
}

/// Estimates of each call by observation networks that have not seen its person.
Result<void> CollectAllEstimates(const std::vector<std::string>& calls, const std::vector<CallInfo>& infos,
                                 const std::map<AlphaKind, ObservationNets>& nets, SamplesOfKind* all) {
  return ForAllCalls(
      calls.size(), "estimates",
      [&](size_t i, CallSamples* own) {
        const auto fold = static_cast<size_t>(infos[i].person % kFolds);
        return CollectEstimates(calls[i], {nets.at(infos[i].kind).unseen[fold], {}}, &own->estimates);
      },
      [&](size_t i, const CallSamples& own) {
        EstimateSamples& estimates = (*all)[infos[i].kind].estimates;
        Append(own.estimates, &estimates);
        estimates.groups.resize(estimates.size(), infos[i].room);
      });
}

Result<void> Train(const Options& options) {
  const std::vector<std::string> calls = CallsIn(options.sets);
  SamplesOfKind all;
  std::vector<CallInfo> infos(calls.size());
  PEEKPROOF_RETURN_IF_ERROR(CollectAllObservations(calls, options, &infos, &all));
  const TrainingOptions training{.seed = options.seed, .steps = options.steps};
  std::map<AlphaKind, ObservationNets> observation_nets;
  std::map<AlphaKind, UnmixNets> nets;
  for (const auto& [kind, samples] : all) {
    observation_nets[kind] = FitObservations(samples.observations, training);
    nets[kind].observation = observation_nets[kind].all;
    Describe("observations", nets[kind].observation, samples.observations);
    for (int fold = 0; fold < kFolds; ++fold)
      Describe("observations of unseen persons", observation_nets[kind].unseen[static_cast<size_t>(fold)],
               OnlyFold(samples.observations, fold));
  }
  PEEKPROOF_RETURN_IF_ERROR(CollectAllEstimates(calls, infos, observation_nets, &all));
  for (const auto& [kind, samples] : all) {
    const Calibration fit = Calibrate(ForecastUnseen<attacks::EstimateNet>(samples.estimates, training));
    nets[kind].estimate = Trainer<attacks::EstimateNet>(samples.estimates, training).Fit();
    ApplyCalibration(fit, &nets[kind].estimate);
    fmt::print("log odds in unseen rooms: scaled by {:.3f}, shifted by {:.3f}\n", fit.scale, fit.shift);
    Describe("estimates", nets[kind].estimate, samples.estimates);
  }
  return WriteWeights(options.out, nets);
}

}  // namespace
}  // namespace peekproof::bench

int main(int argc, char** argv) {
  peekproof::bench::Options options;
  CLI::App app("Fits what unmix believes on calls with truth, and writes it as C++.");
  app.add_option("SET", options.sets, "Folders that peekproof scene --matrix made, with mattes")->required();
  app.add_option("--out", options.out, "Header to write")->required();
  app.add_option("--seed", options.seed, "Seed of samples and weights");
  app.add_option("--steps", options.steps, "Steps of the optimiser");
  app.add_option("--observations", options.observations, "Share of the candidates that become samples");
  CLI11_PARSE(app, argc, argv);
  const auto trained = peekproof::bench::Train(options);
  if (trained.ok()) return 0;
  fmt::print(stderr, "unmix_training: {}\n", trained.error().message);
  return 1;
}
