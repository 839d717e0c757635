import {
  ErrorCode,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
  StandardResolutionReasons,
} from "@openfeature/server-sdk";
import { isFlagName } from "./api.ts";
import type { FlagValues } from "./document.ts";

/** Answers OpenFeature from the values that hold now. */
export interface SettingsProvider extends Provider {
  /** Tells whoever listens for changed configurations. */
  changed(flagsChanged: readonly string[]): void;
}

/** A provider of OpenFeature's over values that may change between two questions: true or false, nothing else. */
export function settingsProvider(values: () => FlagValues, close: () => void): SettingsProvider {
  const events = new OpenFeatureEventEmitter();
  const mistyped = async <T>(_key: string, value: T): Promise<ResolutionDetails<T>> => ({
    value,
    reason: StandardResolutionReasons.ERROR,
    errorCode: ErrorCode.TYPE_MISMATCH,
  });
  return {
    metadata: { name: "settings" },
    runsOn: "server",
    events,
    resolveBooleanEvaluation: async (key, value) =>
      isFlagName(key)
        ? { value: values()[key], reason: StandardResolutionReasons.STATIC }
        : { value, reason: StandardResolutionReasons.ERROR, errorCode: ErrorCode.FLAG_NOT_FOUND },
    resolveStringEvaluation: mistyped,
    resolveNumberEvaluation: mistyped,
    resolveObjectEvaluation: <T extends JsonValue>(key: string, value: T) => mistyped(key, value),
    onClose: async () => close(),
    changed: (flagsChanged) =>
      events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...flagsChanged] }),
  };
}
